"""The MCP server itself, by the official package. It is imported with the first request to it:
most back ends are never asked, and it costs most of a second.
"""

from typing import Any

import jsonschema
import msgspec
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    Tool,
    ToolAnnotations,
)

from ai_pod.contracts.tools import ToolCall, ToolSpec
from backend.doors.asking import ask_tool
from backend.doors.mcp import HOLDER
from backend.doors.mcp.catalogue import INSTRUCTIONS, SPECS, input_schema, output_schema, text_of
from backend.doors.service import Holder
from backend.errors import DomainError
from backend.state import State

READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def session_manager(state: State) -> StreamableHTTPSessionManager:
    """Stateless, so that any back end answers any request; answers are JSON, since none takes
    long.
    """
    desk = Desk(state)
    schemas = {name: input_schema(spec) for name, spec in SPECS.items()}
    server = Server(
        "shiftdesk",
        version="1",
        title="Shiftdesk",
        instructions=INSTRUCTIONS,
        get_tool_input_schema=schemas.get,
        on_list_tools=desk.list_tools,
        on_call_tool=desk.call_tool,
    )
    return StreamableHTTPSessionManager(server, stateless=True, json_response=True)


class Desk:
    """Answers MCP's requests about the desk of whoever holds the request's key."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._tools = [_tool(spec) for spec in SPECS.values()]

    async def list_tools(self, _context: Any, _params: Any) -> ListToolsResult:
        return ListToolsResult(tools=self._tools)

    async def call_tool(self, context: Any, params: CallToolRequestParams) -> CallToolResult:
        """What goes wrong with a call is told as its result, so that a model can do better."""
        holder: Holder = context.request.scope[HOLDER]
        spec = SPECS.get(params.name)
        if spec is None:
            known = ", ".join(SPECS)
            raise MCPError(INVALID_PARAMS, f"there is no tool {params.name!r}; there are {known}")
        try:
            answer = await ask_tool(self._state, holder, _call(spec, params.arguments or {}))
        except (jsonschema.ValidationError, msgspec.ValidationError) as error:
            return _told(f"{spec.name} cannot be called so: {_why(error)}", is_error=True)
        except DomainError as error:
            return _told(error.detail, is_error=True)
        return _told(text_of(answer), structured_content=msgspec.to_builtins(answer))


def _call(spec: ToolSpec, arguments: dict[str, Any]) -> ToolCall:
    """Raises jsonschema's or msgspec's ValidationError."""
    jsonschema.validate(arguments, input_schema(spec))
    return msgspec.convert({**arguments, "name": spec.name}, ToolCall)


def _why(error: Exception) -> str:
    return error.message if isinstance(error, jsonschema.ValidationError) else str(error)


def _told(text: str, **result: Any) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=text)], **result)


def _tool(spec: ToolSpec) -> Tool:
    return Tool(
        name=spec.name,
        title=spec.title,
        description=spec.tells,
        input_schema=input_schema(spec),
        output_schema=output_schema(),
        annotations=READ_ONLY,
    )
