"""The pod's metrics, under their stable names."""

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ai_pod.contracts.agents import AgentState, AgentView, SwitchView

TICK_TO_SIGNAL = "ai_pod_tick_to_signal_seconds"
FIRST_TOKEN = "chat_first_token_seconds"
UNGROUNDED = "chat_ungrounded_numbers_total"
GUARDED = "chat_guarded_sentences_total"
KEPT = "chat_kept_from_model_total"
EMBEDDED = "chat_embedded_texts_total"
PASSES = "chat_embedding_passes_total"
REUSED = "chat_answers_reused_total"
REROUTED = "chat_models_rerouted_total"
OPENED = "chat_circuits_opened_total"
BUDGET_REFUSED = "chat_budget_refusals_total"
BUDGET_REFUSED_ALL = "chat_organisation_budget_refusals_total"
CANARY_BACK = "chat_canaries_rolled_back_total"
TRIALS_FINISHED = "learning_trials_finished_total"
TRIALS_MOVED = "learning_trials_moved_total"

_SWITCH_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
_SIGNAL_BUCKETS = (5e-5, 1e-4, 1.5e-4, 2.5e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2)
_TOKEN_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

logger = structlog.get_logger()


class Telemetry:
    """One registry a pod, so that two pods in one test do not share figures."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self.connected_users = Gauge(
            "ai_pod_connected_users", "Desks seated on this pod", registry=registry
        )
        self._agent_state = Gauge(
            "ai_pod_agent_state",
            "1 for the state that the agent is in",
            ["agent", "state"],
            registry=registry,
        )
        self._memory = Gauge(
            "ai_pod_memory_bytes",
            "Memory (PSS) of the agent's processes, and of the pod's own (orchestrator)",
            ["agent"],
            registry=registry,
        )
        self._cpu = Counter(
            "ai_pod_cpu_seconds",
            "CPU time of the agent's processes, and of the pod's own (orchestrator)",
            ["agent"],
            registry=registry,
        )
        self._cost = {
            idle: Counter(
                name,
                f"{says}: of a core (cpu), of a GiB (memory_gib)",
                ["resource"],
                registry=registry,
            )
            for idle, name, says in (
                (False, "desk_cost_seconds", "Seconds charged to desks"),
                (True, "ai_pod_idle_cost_seconds", "Seconds while no desk was seated"),
            )
        }
        self._switch = Histogram(
            "ai_pod_switch_seconds",
            "Real time of a switch",
            buckets=_SWITCH_BUCKETS,
            registry=registry,
        )
        self._late = Histogram(
            "ai_pod_switch_late_seconds",
            "Real time from the planned instant to the new agent's readiness",
            buckets=_SWITCH_BUCKETS,
            registry=registry,
        )
        self._rolled_back = Counter(
            "ai_pod_switches_rolled_back", "Switches that were rolled back", registry=registry
        )
        self._durations = {
            TICK_TO_SIGNAL: Histogram(
                TICK_TO_SIGNAL,
                "CPU time from a closed bar to a published decision with signals, by decision",
                buckets=_SIGNAL_BUCKETS,
                registry=registry,
            ),
            FIRST_TOKEN: Histogram(
                FIRST_TOKEN,
                "Real time from a question's arrival to the first text of its answer",
                buckets=_TOKEN_BUCKETS,
                registry=registry,
            ),
        }
        self._counts = {
            UNGROUNDED: Counter(
                UNGROUNDED, "Numbers caught in answers that nothing entails", registry=registry
            ),
            GUARDED: Counter(
                GUARDED,
                "Sentences of models not shown: advice, claims to have acted, links, leaks",
                registry=registry,
            ),
            KEPT: Counter(
                KEPT,
                "Turns that no model was given, for what a text in them tries",
                registry=registry,
            ),
            EMBEDDED: Counter(
                EMBEDDED, "Texts of questions that went through the model", registry=registry
            ),
            PASSES: Counter(
                PASSES, "Passes through the model, which takes texts together", registry=registry
            ),
            REUSED: Counter(REUSED, "Answers of models that were given again", registry=registry),
            REROUTED: Counter(
                REROUTED, "Questions that another model took over", registry=registry
            ),
            OPENED: Counter(OPENED, "Times that a failing model was left alone", registry=registry),
            BUDGET_REFUSED: Counter(
                BUDGET_REFUSED, "Requests to models that no budget had room for", registry=registry
            ),
            BUDGET_REFUSED_ALL: Counter(
                BUDGET_REFUSED_ALL,
                "Of these, requests that the organisation's own budget had no room for",
                registry=registry,
            ),
            CANARY_BACK: Counter(
                CANARY_BACK, "Canary models taken back by themselves", registry=registry
            ),
            TRIALS_FINISHED: Counter(
                TRIALS_FINISHED, "Trials that ended on this pod", registry=registry
            ),
            TRIALS_MOVED: Counter(
                TRIALS_MOVED,
                "Trials that went on here from where another worker, or another night, left them",
                registry=registry,
            ),
        }
        self.live_queue = Gauge(
            "ai_pod_live_queue_frames",
            "Frames that wait for the live socket that is furthest behind",
            registry=registry,
        )
        self.live_gave_way = Counter(
            "ai_pod_live_frames_given_way",
            "Frames dropped from a full queue in favour of newer ones; never a decision",
            registry=registry,
        )
        self.slow_consumers = Counter(
            "ai_pod_live_slow_consumers", "Live sockets closed with 1013", registry=registry
        )

    def switched(self, view: SwitchView) -> None:
        self._switch.observe(view.seconds)
        if view.planned_at is not None:
            self._late.observe(view.late_seconds)

    def rolled_back(self) -> None:
        self._rolled_back.inc()

    def measured(self, metric: str, seconds: tuple[float, ...]) -> None:
        """Take an agent's own observations of a duration."""
        if metric not in self._durations:
            logger.error("unknown_metric", metric=metric)
            return
        for value in seconds:
            self._durations[metric].observe(value)

    def counted(self, metric: str, by: int) -> None:
        """Take what an agent has counted."""
        if metric not in self._counts:
            logger.error("unknown_metric", metric=metric)
            return
        self._counts[metric].inc(by)

    def consumed(self, agent: str, cpu_seconds: float, pss_bytes: int) -> None:
        """Take what an agent's processes have used since the last time, and hold now."""
        self._cpu.labels(agent).inc(cpu_seconds)
        self._memory.labels(agent).set(pss_bytes)

    def charged(self, cpu_seconds: float, memory_gib_seconds: float, *, idle: bool) -> None:
        """Take a cost: the desks', or nobody's (`idle`)."""
        self._cost[idle].labels("cpu").inc(cpu_seconds)
        self._cost[idle].labels("memory_gib").inc(memory_gib_seconds)

    def text(self, agents: tuple[AgentView, ...], desks: int) -> bytes:
        """The exposition format, with what the agents are at this moment."""
        self.connected_users.set(desks)
        for agent in agents:
            if agent.pss_bytes == 0:
                # Not measured yet, or no process any more.
                self._memory.labels(agent.name).set(agent.rss_bytes)
            for state in AgentState:
                self._agent_state.labels(agent.name, state).set(agent.state is state)
        return generate_latest(self._registry)
