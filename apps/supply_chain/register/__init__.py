"""The register of suppliers and their assessments: its pages, and what they do."""
