"""What settings may say about models, and what they are told when they say something else."""

from decimal import Decimal

import pytest
from langchain_core.messages import HumanMessage
from pydantic import ValidationError
from tokenizers import Tokenizer

from ai_pod.agents.chatbot.routing.choices import Canary, Choices, Price, read_canary, read_prices
from ai_pod.agents.chatbot.routing.prices import Prices
from ai_pod.contracts.budgets import Cost
from ai_pod.memory.embeddings import TOKENIZER, packaged_file
from ai_pod.memory.shipped import shipped_passages
from ai_pod.settings import PodSettings


def test_models_are_named_in_their_order_each_once() -> None:
    context = PodSettings(llm=" openai:big, http://host/v1#small ,local,openai:big").context()
    assert Choices.of(context).models == ("openai:big", "http://host/v1#small", "local")
    assert Choices.of(PodSettings().context()).settings == ()


def test_a_canary_is_another_model_and_a_share() -> None:
    assert read_canary("openai:new@12.5", ("local",)) == Canary(model="openai:new", share=0.125)
    assert read_canary("", ()) is None


@pytest.mark.parametrize("setting", ["new", "new@", "@5", "new@0", "new@101", "new@ten", "new@nan"])
def test_a_canary_that_cannot_be_read_is_refused_with_its_form(setting: str) -> None:
    with pytest.raises(ValueError, match="write MODEL@PERCENT"):
        read_canary(setting, ("local",))


def test_a_canary_needs_another_beside_it() -> None:
    for models in (("new",), ()):
        with pytest.raises(ValueError, match="another model beside"):
            read_canary("new@5", models)


def test_prices_are_for_a_million_tokens() -> None:
    prices = Prices(read_prices("openai:big=1.25/10, http://host/v1?a=b#x=0.05/0.4"))
    assert prices.cost("openai:big", 1000, 100).usd == Decimal("0.00225")
    assert read_prices("http://host/v1?a=b#x=0.05/0.4") == {
        "http://host/v1?a=b#x": Price(read=Decimal("0.05"), written=Decimal("0.4"))
    }
    assert prices.cost("unknown", 1000, 100) == Cost(input_tokens=1000, output_tokens=100)


def test_prices_go_by_the_models_names_however_they_are_spelled() -> None:
    llm = "http://host/v1#small,openai:big,local"
    prices = "http://host/v1#small=1/2, openai:big=3/4, http://host/v2#new=5/6"
    chosen = PodSettings(llm=llm, llm_canary="http://host/v2#new@5", llm_prices=prices).context()
    assert list(Choices.of(chosen).prices) == ["small", "openai:big", "new"]
    chosen = PodSettings(llm=llm, llm_prices="small=1/2").context()
    assert list(Choices.of(chosen).prices) == ["small"]


def test_a_price_of_no_model_is_refused_since_that_model_would_be_free() -> None:
    with pytest.raises(ValidationError, match=r"'gpt-5-mini'.* known are 'openai:gpt-5-mini'"):
        PodSettings(llm="openai:gpt-5-mini", llm_prices="gpt-5-mini=0.25/2")


def test_two_models_of_one_name_are_refused() -> None:
    for settings in (
        {"llm": "http://a/v1#small,http://b/v1#small"},
        {"llm": "http://a/v1#small", "llm_canary": "http://b/v1#small@5"},
    ):
        with pytest.raises(ValidationError, match="would both be named 'small'"):
            PodSettings(**settings)


def test_the_most_covers_any_tokenizer_of_bytes() -> None:
    bounds = Prices({}).bounds("any", [HumanMessage("héllo 世界")], 320)
    assert bounds.most.input_tokens >= len("héllo 世界".encode())
    assert bounds.most.output_tokens == bounds.likely.output_tokens == 320


def test_what_is_likely_covers_usual_texts_of_a_smaller_tokenizer() -> None:
    """WordPiece with 30,000 words needs more tokens than the models' own, with 100,000 and more."""
    tokenizer = Tokenizer.from_file(str(packaged_file(*TOKENIZER)))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    for passage in shipped_passages():
        bounds = Prices({}).bounds("any", [HumanMessage(passage.text)], 0)
        counted = len(tokenizer.encode(passage.text).ids)
        assert counted <= bounds.likely.input_tokens < bounds.most.input_tokens


@pytest.mark.parametrize("setting", ["big", "big=1", "=1/2", "big=1/-2", "big=x/2", "big=1/inf"])
def test_a_price_that_cannot_be_read_is_refused_with_its_form(setting: str) -> None:
    with pytest.raises(ValueError, match="write MODEL=READ/WRITTEN"):
        read_prices(setting)


def test_a_pod_does_not_start_with_what_cannot_be_read() -> None:
    with pytest.raises(ValidationError, match="write MODEL=READ/WRITTEN"):
        PodSettings(llm="local", llm_prices="local")
    with pytest.raises(ValidationError, match="write MODEL@PERCENT"):
        PodSettings(llm="local", llm_canary="new")
