"""URLs of tenders, taken in by ``supply_chain/urls.py``."""

from django.urls import URLPattern, path

from apps.supply_chain.tenders import scoring_views, views

urlpatterns: list[URLPattern] = [
    path("tenders/", views.tender_list, name="tenders"),
    path("tenders/new/", views.tender_new, name="tender_new"),
    path("tenders/<int:pk>/", views.tender, name="tender"),
    path("tenders/<int:pk>/edit/", views.tender_edit, name="tender_edit"),
    path("tenders/<int:pk>/weights/", views.tender_weights, name="tender_weights"),
    path("tenders/<int:pk>/requirements/", views.tender_requirements, name="tender_requirements"),
    path("tenders/<int:pk>/scorers/", views.tender_scorers, name="tender_scorers"),
    path("tenders/<int:pk>/scorers/<int:scorer_pk>/remove/", views.tender_scorer_remove, name="tender_scorer_remove"),
    path("tenders/<int:pk>/scorers/<int:scorer_pk>/excuse/", scoring_views.scorer_excuse, name="tender_scorer_excuse"),
    path("tenders/<int:pk>/invite/", views.tender_invite, name="tender_invite"),
    path("tenders/<int:pk>/bids/", views.tender_bids, name="tender_bids"),
    path("tenders/<int:pk>/bids/<int:bid_pk>/", views.bid, name="bid"),
    path("tenders/<int:pk>/bids/<int:bid_pk>/remove/", views.bid_remove, name="bid_remove"),
    path("tenders/<int:pk>/bids/<int:bid_pk>/files/", views.bid_files, name="bid_files"),
    path("tenders/<int:pk>/files/<int:file_pk>/", views.bid_file, name="bid_file"),
    path("tenders/<int:pk>/files/<int:file_pk>/remove/", views.bid_file_remove, name="bid_file_remove"),
    path("tenders/<int:pk>/open/", views.tender_open, name="tender_open"),
    path("tenders/<int:pk>/start-scoring/", views.tender_start_scoring, name="tender_start_scoring"),
    path("tenders/<int:pk>/statement/", scoring_views.tender_statement, name="tender_statement"),
    path("tenders/<int:pk>/scores/", scoring_views.tender_scores, name="tender_scores"),
    path("tenders/<int:pk>/hand-in/", scoring_views.tender_hand_in, name="tender_hand_in"),
    path("tenders/<int:pk>/select/", views.tender_select, name="tender_select"),
    path("tenders/<int:pk>/approve/", views.tender_approve, name="tender_approve"),
    path("tenders/<int:pk>/send-back/", views.tender_send_back, name="tender_send_back"),
    path("tenders/<int:pk>/cancel/", views.tender_cancel, name="tender_cancel"),
    path("tenders/<int:pk>/report/", views.tender_report, name="tender_report"),
    path("tenders/<int:pk>/report.xlsx", views.tender_report_xlsx, name="tender_report_xlsx"),
]
