"""Short forms that people type, in full: `u`, `tmrw`, `whats`. A fixed table, for questions and for
examples alike; misspelt words are `spelling`'s.
"""

import re

_FORMS = """
pls=please plz=please plss=please thx=thanks ty=thanks tks=thanks
u=you ur=your r=are y=why n=and nd=and b4=before hv=have hav=have abt=about bout=about
wat=what wut=what wht=what wen=when whn=when hw=how shud=should cud=could wud=would
tmrw=tomorrow tmr=tomorrow tmw=tomorrow tmrrw=tomorrow 2moro=tomorrow 2morrow=tomorrow
2day=today tdy=today yday=yesterday ystd=yesterday yest=yesterday 2nite=tonight tonite=tonight
todays=today's yesterdays=yesterday's tomorrows=tomorrow's tonights=tonight's nights=night's
mon=monday tue=tuesday tues=tuesday wed=wednesday weds=wednesday thu=thursday thur=thursday
thurs=thursday fri=friday hrs=hours hr=hour mins=minutes
rn=right_now atm=at_the_moment curr=current cur=current
mkt=market mkts=markets acct=account acc=account accnt=account avg=average qty=quantity
pos=positions posn=position posns=positions poss=positions sig=signal sigs=signals
bal=balance comm=commission comms=commissions ord=order ords=orders exec=execution
execs=executions pf=portfolio ptf=portfolio port=portfolio px=price pxs=prices strat=strategy
algo=algorithm champ=champion inst=instrument insts=instruments syms=symbols sym=symbol
wt=weight wts=weights wgt=weight wgts=weights alloc=allocation allocs=allocations
unreal=unrealised unrlzd=unrealised rlzd=realised perf=performance sched=schedule
upnl=unrealised_profit_and_loss rpnl=realised_profit_and_loss p/l=pnl pl=pnl
whats=what_is wats=what_is whos=who_is wheres=where_is whens=when_is hows=how_is whys=why_is
thats=that_is theres=there_is heres=here_is im=i_am ive=i_have weve=we_have
youre=you_are theyre=they_are dont=do_not doesnt=does_not didnt=did_not isnt=is_not arent=are_not
wasnt=was_not werent=were_not havent=have_not hasnt=has_not cant=can_not wont=will_not
couldnt=could_not shouldnt=should_not wouldnt=would_not
gimme=give_me lemme=let_me wanna=want_to gonna=going_to gotta=have_to howre=how_are whatre=what_are
unrealized=unrealised realized=realised unrealize=unrealised signaled=signalled signaling=signalling
canceled=cancelled
"""
_FULL = {
    short: full.replace("_", " ") for short, full in (one.split("=") for one in _FORMS.split())
}
_WORD = re.compile(r"(?<![\w&.'’])[A-Za-z0-9]+(?:/[A-Za-z])?(?![\w&'’])")


def spelled_out(text: str) -> str:
    """`text` with its short forms in full; one or two capitals may be a symbol and stay."""
    return _WORD.sub(_full, text)


def _full(match: re.Match[str]) -> str:
    word = match.group()
    symbol = word.isupper() and len(word) < 3
    return word if symbol else _FULL.get(word.lower(), word)
