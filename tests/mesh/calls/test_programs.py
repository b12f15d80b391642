"""Calls in programs: whose they are, by the names of folders, and when nobody is guessed."""

from __future__ import annotations

from meshlint.mesh.calls.dependencies import find_edges
from meshlint.mesh.calls.programs import ProgramFile, notes_on, program_calls, take_programs
from meshlint.mesh.mesh import Mesh
from meshlint.sources.programs import Program
from tests.mesh.build import mesh

WORKLOAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  template:
    metadata: {{labels: {{app: {app}}}}}
    spec: {{containers: [{{name: app, image: "{image}"}}]}}
---
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: {{app: {name}}}, ports: [{{name: http, port: 80, targetPort: 8080}}]}}
---
"""


def workload(name: str, *, app: str = "", image: str = "", namespace: str = "hms") -> str:
    """Write a Deployment; label and image follow its name unless given."""
    return WORKLOAD.format(name=name, app=app or name, image=image or f"registry/hms/{name}:1", namespace=namespace)


def service(name: str, namespace: str = "hms") -> str:
    """Write a Service that selects `app: <name>`."""
    return SERVICE.format(name=name, namespace=namespace)


MANIFESTS = service("voting-svc") + workload("voting-svc") + workload("passport-svc")


def program(*folders: str, text: str = "fetch('http://voting-svc/votes/confirm')") -> tuple[ProgramFile, ...]:
    """Return one program below the folders."""
    return take_programs([Program("/".join((*folders, "index.js")), folders, ".js", text)])


def callers(manifests: str, files: tuple[ProgramFile, ...]) -> list[str]:
    """Return who calls whom."""
    found = mesh(manifests, programs=files)
    return [f"{call.workload.namespace}/{call.workload.name} -> {call.host}" for call in found.graph.calls]


def notes(manifests: str, files: tuple[ProgramFile, ...]) -> list[str]:
    """Return what is said of calls without a caller."""
    return list(notes_on(mesh(manifests, programs=files).graph.unattributed))


def edge_of(found: Mesh) -> tuple[str, str]:
    """Return position and kind of knowledge of the only call."""
    (edge,) = [edge for edge in find_edges(found) if edge.kind == "calls"]
    assert edge.spot is not None
    return f"{edge.spot.path}:{edge.spot.start.line}:{edge.spot.start.column}", edge.known_by


def test_a_fetch_is_a_call_of_the_workload_whose_folder_it_is_in() -> None:
    """The edge keeps line and column of the URL, and the port of its scheme."""
    found = mesh(MANIFESTS, programs=program("apps", "passport-svc", "src"))
    assert edge_of(found) == ("apps/passport-svc/src/index.js:1:8", "called")
    (ports,) = [call.ports for call in found.graph.calls]
    assert found.graph.callers[ports[0]][0][0].name == "passport-svc"


def test_a_folder_may_be_named_after_app_image_or_service() -> None:
    """Each of them names the program; letters and underscores do not matter."""
    text = service("voting-svc") + workload("voting-svc")
    text += workload("d1", app="clerk", image="registry/hms/clerk-image:1") + service("clerk")
    for folder in ("d1", "clerk", "clerk-image", "Clerk_Image"):
        assert callers(text, program(folder)) == ["hms/d1 -> voting-svc.hms.svc.cluster.local"], folder


def test_a_call_from_nowhere_is_told_and_not_guessed() -> None:
    """The note says where it stands and why nobody makes it."""
    files = program("lib", "client")
    assert callers(MANIFESTS, files) == []
    assert notes(MANIFESTS, files) == [
        "1 call in a program is attributed to no workload (lib/client/index.js:1:8 names voting-svc): "
        "no folder above bears the name of a workload, its service, app or image"
    ]


def test_folders_that_name_different_programs_name_none() -> None:
    """A folder inside another program may only be called like a workload."""
    text = MANIFESTS + workload("ledger")
    files = program("passport-svc", "ledger")
    assert callers(text, files) == []
    assert notes(text, files)[0].endswith("the folders above bear the names of different programs")


def test_one_program_may_run_as_several_workloads() -> None:
    """Those that share an image do."""
    text = service("voting-svc") + workload("p-v1", app="p", image="r/p:1") + workload("p-v2", app="p", image="r/p:2")
    assert len(callers(text, program("p"))) == 2
    other = service("voting-svc") + workload("p-v1", app="p", image="r/p:1") + workload("p", image="r/q:1")
    assert callers(other, program("p")) == []


def test_short_names_are_those_of_the_namespace_of_the_caller() -> None:
    """The same text calls another Service in another namespace, or none."""
    text = service("voting-svc", "city") + workload("passport-svc")
    assert callers(text, program("passport-svc")) == []
    far = program("passport-svc", text='get("http://voting-svc.city/x")')
    assert callers(text, far) == ["hms/passport-svc -> voting-svc.city.svc.cluster.local"]


def test_a_folder_of_a_stock_image_holds_its_client() -> None:
    """`redis/` in a program is no program of Redis."""
    text = service("voting-svc") + workload("redis", image="docker.io/library/redis:7")
    assert callers(text, program("redis")) == []


def test_a_program_that_names_itself_calls_nobody() -> None:
    """Its own address is for others."""
    assert callers(MANIFESTS, program("voting-svc")) == []


def test_a_host_outside_is_called_where_it_is_used() -> None:
    """A host that no manifest knows needs a scheme and a call; examples are nobody's."""
    for text, count in (
        ("fetch('https://api.city.gov/x')", 1),
        ("const link = 'https://api.city.gov/x'", 0),
        ("fetch('https://api.example.com')", 0),
        ("fetch('http://10.0.0.1/x')", 0),
        ("fetch('http://nobody/x')", 0),
        ("connect('api.city.gov:443')", 0),
    ):
        assert len(callers(MANIFESTS, program("passport-svc", text=text))) == count, text


def test_an_address_without_scheme_needs_a_port_of_the_service() -> None:
    """`voting-svc:8081` may be anything; a full name is one."""
    for text, count in (("'voting-svc:80'", 1), ("'voting-svc:8081'", 0), ("'voting-svc.hms.svc'", 1), ("'a.b'", 0)):
        assert len(callers(MANIFESTS, program("passport-svc", text=f"dial({text})"))) == count, text


def test_a_call_is_kept_once() -> None:
    """The first place speaks for the others."""
    files = program("passport-svc", text="fetch('http://voting-svc/a')\nfetch('http://voting-svc/b')")
    found = mesh(MANIFESTS)
    calls, unattributed = program_calls(found.inventory, found.selection, files)
    assert len(calls) == 1 and not unattributed
