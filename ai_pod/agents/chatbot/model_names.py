"""How models are named that a setting spells with an address."""


def name_of(setting: str) -> str:
    """The name of one model of SHIFTDESK_LLM, in prices, metrics and budgets: of one behind a URL
    what follows the `#`.
    """
    url, _, name = setting.partition("#")
    return name or url if url.startswith(("http://", "https://")) else setting
