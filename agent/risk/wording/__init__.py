"""What findings say, a table a field: ``key: (German, English)``; read by ``agent.risk.texts`` alone."""
