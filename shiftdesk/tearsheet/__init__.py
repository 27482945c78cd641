"""A backtest as one self-contained page: `page` fills the template, `charts` draws its pictures."""
