"""Every shipped rule, declared once, a module a field; ``agent.risk.rules`` puts them together."""
