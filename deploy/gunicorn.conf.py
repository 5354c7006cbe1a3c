"""Settings of the web server: gunicorn esgportal.wsgi -c deploy/gunicorn.conf.py. docs/operations.md says why."""

import os

bind = os.environ.get("ESGPORTAL_BIND", "127.0.0.1:8000")
# One process for each core, each with as many threads as it may have connections, less two in reserve.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = max(int(os.environ.get("ESGPORTAL_DB_POOL_SIZE", "10")) - 2, 1)
# Longer than the proxy keeps a connection, so that it never sends a request into one that just closed.
keepalive = 75
# Seconds that requests under way may still take when the process is told to stop.
graceful_timeout = 60
# A process in which not even the watching thread answers is started again.
timeout = 60
# Each process makes room for a fresh one now and then, and not all at once.
max_requests = 20_000
max_requests_jitter = 2_000
accesslog = "-"
access_log_format = '%({x-forwarded-for}i)s %(l)s %(t)s "%(r)s" %(s)s %(b)s %(M)sms'
control_socket_disable = True
