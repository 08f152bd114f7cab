"""Libraries of a notebook: added, used, stored, there again on a fresh executor, apart from others'."""

import os
import re
import shutil
import tempfile
import time
import zipfile

import processes
from notebook import Notebook
from slow_repository import SlowRepository

HOME = os.environ["HYDROCELL_HOME"]
LOGBACK = "ch.qos.logback:logback-classic:1.5.38"
LOMBOK = "org.projectlombok:lombok:1.18.42"
MAPSTRUCT = "org.mapstruct:mapstruct:1.6.3 org.mapstruct:mapstruct-processor:1.6.3"
LANG = "org.apache.commons:commons-lang3"
SHOWN = [
    "org.dflib:dflib:1.2.0",
    "tech.tablesaw:tablesaw-core:0.44.4",
    "org.ejml:ejml-simple:0.43.1",
    "org.knowm.xchart:xchart:4.0.3",
    "org.jfree:jfreechart:1.5.5",
]
TEXT = "org.apache.commons:commons-text:1.13.0"


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def lose_executors():
    for pid in processes.of_role(HOME, "executor"):
        processes.kill(pid)


def shows(notebook, cell, text):
    shown = notebook.must(cell, 300)
    must(text in shown, f"{cell!r} shows {shown!r}, not {text!r}")


def fails(notebook, cell, text):
    outcome = notebook.run(cell, 300)
    must(outcome.status == "error", f"{cell!r} ends {outcome.status}")
    must(text in outcome.error, f"{cell!r} says {outcome.error!r}, not {text!r}")


def annotation_processors_run_apart(notebook):
    """Lombok changes types while they are compiled, in a process that serves only such cells."""
    shows(notebook, f"%maven {LOMBOK}", "added 1")
    must(len(processes.of_role(HOME, "compiler")) == 1, "a processor was started before it was needed")
    notebook.must("import lombok.*;\n@Data @AllArgsConstructor class Person { private String name; private int age; }", 300)
    must(len(processes.of_role(HOME, "compiler")) == 2, "there is no process for annotation processors")
    shows(notebook, 'var ada = new Person("Ada", 36); ada.setAge(37); ada', "Person(name=Ada, age=37)")
    shows(notebook, "@Builder record Place(String name, int x) {}\nPlace.builder().x(3).build()", "Place[name=null, x=3]")
    shows(notebook, "ada.toString().length()", "24")
    shows(
        notebook,
        "@Data @Builder class Spot { int x; }\nvar spot = Spot.builder().x(3).build();\nvar x = spot.getX();\nx + 1",
        "4",
    )
    shows(notebook, "val numbers = List.of(1, 2);\nnumbers.get(1)", "2")
    fails(notebook, "ada.setAge(\"old\")", "String cannot be converted to int")
    lose_executors()
    shows(notebook, "ada.getName() + numbers", "Ada[1, 2]")
    for pid in processes.of_role(HOME, "compiler"):
        processes.kill(pid)
    shows(notebook, "@Data class Point { private final int x; }\nnew Point(4).getX()", "4")


def what_is_excluded_stays_out(notebook):
    """Also when something else is added: exclusions and lists of versions belong to the notebook."""
    shows(notebook, f"%maven {TEXT} --exclude {LANG}\n%maven {LANG}:3.14.0", "all of it was there")
    shows(notebook, "%dependencies", f"{LANG}:3.14.0\n{TEXT}")
    fails(notebook, "%maven org.apache.commons:commons-txet:1", "did you mean org.apache.commons:commons-text?")


def jars_are_kept_with_the_notebook(folder, jar):
    """They may move, change and be cleaned away: the notebook opens with what it was given."""
    given = os.path.join(folder, "given.jar")
    shutil.copy(jar, given)
    notebook = Notebook(folder, "jars.ipynb")
    notebook.must("List<String> jars = %jars given.jar")
    must("given.jar" in notebook.must("jars.get(0)"), "a list of jars has no value")
    shows(notebook, 'org.apache.commons.lang3.StringUtils.reverse("abc")', "cba")
    notebook.close()
    with open(given, "w") as changed:
        changed.write("no jar any more")
    notebook = Notebook(folder, "jars.ipynb")
    shows(notebook, 'org.apache.commons.lang3.StringUtils.reverse("abcd")', "given.jar has changed: the notebook goes on")
    shows(notebook, 'org.apache.commons.lang3.StringUtils.reverse("abcd")', "dcba")
    notebook.close()
    shutil.rmtree(os.path.join(HOME, "jars"))
    notebook = Notebook(folder, "jars.ipynb")
    shows(notebook, 'org.apache.commons.lang3.StringUtils.reverse("abcde")', "edcba")
    notebook.close()


def processors_run_only_when_asked_for(folder):
    """Not those of a library that came along with another one."""
    place = os.path.join(folder, "repository", "test", "hydrocell", "brings", "1")
    os.makedirs(place)
    group, artifact, version = LOMBOK.split(":")
    with open(os.path.join(place, "brings-1.pom"), "w") as pom:
        pom.write(
            "<project><modelVersion>4.0.0</modelVersion><groupId>test.hydrocell</groupId><artifactId>brings</artifactId>"
            f"<version>1</version><dependencies><dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
            f"<version>{version}</version></dependency></dependencies></project>"
        )
    zipfile.ZipFile(os.path.join(place, "brings-1.jar"), "w").close()
    notebook = Notebook(folder, "brought.ipynb")
    notebook.must(f"%mavenRepo here file://{folder}/repository\n%maven test.hydrocell:brings:1", 300)
    shows(notebook, "%dependencies", f"test.hydrocell:brings:1\n└─ {LOMBOK}")
    cell = "@lombok.Data class Plain { int x; }\nnew Plain().getX()"
    fails(notebook, cell, "cannot find symbol")
    notebook.must(f"%maven {LOMBOK}", 300)
    shows(notebook, cell, "0")
    notebook.close()


def values_of_libraries_are_shown_as_what_they_are(folder):
    notebook = Notebook(folder, "shown.ipynb")
    notebook.must(f"%maven {' '.join(SHOWN)}", 300)
    tables = {
        'org.dflib.DataFrame.foldByRow("city", "people").of("Rome", 2.8, "Turin", 0.85)': ("people", "Turin", "0.85"),
        'tech.tablesaw.api.Table.create("t").addColumns(tech.tablesaw.api.StringColumn.create("city", "Rome"),'
        ' tech.tablesaw.api.IntColumn.create("n", new int[] {3}))': ("city", "Rome", "3"),
        "new org.ejml.simple.SimpleMatrix(new double[][] {{1, 2}, {3, 4.5}})": ("4.5",),
    }
    for value, cells in tables.items():
        shown = notebook.must(f'render({value}).forms().get("text/html")', 90)
        for cell in cells:
            must(f">{cell}</t" in shown, f"{value} shows {shown!r}, without {cell}")
    charts = [
        'org.knowm.xchart.QuickChart.getChart("t", "x", "y", "s", new double[] {1, 2}, new double[] {3, 4})',
        'org.jfree.chart.ChartFactory.createLineChart("t", "x", "y", new org.jfree.data.category.DefaultCategoryDataset())',
    ]
    for value in charts:
        # The first bytes of every PNG.
        shows(notebook, f'render({value}).forms().get("image/png").substring(0, 8)', "iVBORw0K")
    notebook.close()


def mappers_belong_to_their_interface(folder):
    notebook = Notebook(folder, "mapstruct.ipynb")
    notebook.must(f"%maven {MAPSTRUCT}", 300)
    notebook.must(
        "import org.mapstruct.*;\nimport org.mapstruct.factory.Mappers;\n"
        "public record Car(String make, int seats) {}\npublic record CarView(String make, int places) {}\n"
        "@Mapper public interface CarMapper {\n"
        '  @Mapping(source = "seats", target = "places") CarView view(Car car);\n}',
        300,
    )
    shows(notebook, 'Mappers.getMapper(CarMapper.class).view(new Car("Fiat", 4))', "CarView[make=Fiat, places=4]")
    fails(
        notebook,
        '@Mapper interface Bad {\n  @Mapping(source = "wheels", target = "places") CarView view(Car car);\n}',
        "wheels",
    )
    notebook.close()


def seen_while(notebook, code, on_shown):
    """What a cell shows, each told as it comes: whether it is an update, its place and its forms."""
    request = notebook.send(code)
    shown, deadline = [], time.monotonic() + 120
    while time.monotonic() < deadline:
        message = notebook.client.get_iopub_msg(timeout=120)
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        must(kind != "error", f"{code!r}: {content}")
        if kind in ("display_data", "update_display_data"):
            shown.append((kind, content.get("transient", {}).get("display_id"), content["data"]))
            on_shown(content["data"]["text/plain"])
        elif kind == "status" and content["execution_state"] == "idle":
            return shown
    raise AssertionError(f"{code!r} does not end: {shown}")


def long_downloads_show_how_far_they_are(notebook, repository):
    library = repository.add("large", "Large", sources=True, padding=4_000_000)
    code = f"%mavenRepo slow {repository.url}\n%maven {library}"
    shown = seen_while(notebook, code, lambda text: text.startswith("fetching") and repository.seen.set())
    bars = [(kind, place, data) for kind, place, data in shown if "<progress" in data.get("text/html", "")]
    must([kind for kind, _, _ in bars] == ["display_data"] + ["update_display_data"] * (len(bars) - 1), bars)
    must(len(bars) > 1 and len({place for _, place, _ in bars}) == 1, f"bars in several places: {bars}")
    first, last = bars[0][2], bars[-1][2]
    must(re.match(r"fetching 1 jar, \d\.\d of 4\.0 MB: large-.*\.jar", first["text/plain"]), first)
    must(last["text/plain"] == "fetched 1 jar, 4.0 of 4.0 MB", last)
    value, most = re.match(r'<progress max="(\d+)" value="(\d+)">', last["text/html"]).groups()
    must(value == most, last)


def inspected(notebook, code):
    request = notebook.client.inspect(code, len(code))
    while True:
        reply = notebook.client.get_shell_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == request:
            return reply["content"]["data"].get("text/plain", "")


def inspected_until(notebook, code, is_enough):
    deadline = time.monotonic() + 60
    shown = inspected(notebook, code)
    while not is_enough(shown):
        must(time.monotonic() < deadline, f"{code!r} goes on to show {shown!r}")
        time.sleep(0.1)
        shown = inspected(notebook, code)
    return shown


def sources_come_behind_an_inspection(notebook, folder, repository):
    fetched = "is being fetched"
    first = inspected(notebook, "slow.Large.hello")
    must("String hello(String" in first, first)
    text = inspected_until(notebook, "slow.Large.hello", lambda shown: "Says hello" in shown)
    must("whom – is greeted" in text and fetched not in text and "String hello(String whom)" in text, text)
    must(repository.times("large", "-sources.jar") == 1, f"asked for {repository.asked}")

    notebook.must(f"%maven {repository.add('bare', 'Bare', sources=False)}", 300)
    bare = inspected_until(notebook, "slow.Bare.hello", lambda shown: fetched not in shown)
    must(bare.endswith("slow.Bare"), f"what is not there is told of: {bare!r}")
    other = Notebook(folder, "again.ipynb")
    other.must(f"%mavenRepo slow {repository.url}\n%maven test.hydrocell.slow:bare:{repository.version}", 300)
    inspected_until(other, "slow.Bare.hello", lambda shown: fetched not in shown)
    for ending in ("-sources.jar", "-javadoc.jar"):
        must(repository.times("bare", ending) == 1, f"{ending} more than once: {repository.asked}")

    other.must(f"%maven {repository.add('quiet', 'Quiet', sources=True)}\n%config maven.offline=true", 300)
    must(fetched not in inspected(other, "slow.Quiet.hello"), "offline")
    must(repository.times("quiet", "-sources.jar") == 0, "asked for although it is offline")
    other.close()


def downloads_and_sources(folder):
    javac = os.path.join(os.path.dirname(os.environ["HYDROCELL_TEST_JAVA"]), "javac")
    repository = SlowRepository(folder, javac)
    notebook = Notebook(folder, "slow.ipynb")
    long_downloads_show_how_far_they_are(notebook, repository)
    jar = notebook.must("slow.Large.class.getProtectionDomain().getCodeSource().getLocation().getPath()").strip()
    try:
        sources_come_behind_an_inspection(notebook, folder, repository)
        notebook.close()
    finally:
        # .../test/hydrocell/slow/large/VERSION/JAR
        repository.close(os.path.dirname(os.path.dirname(os.path.dirname(jar))))


def main():
    with tempfile.TemporaryDirectory(prefix="hc-libraries-") as folder:
        first = Notebook(folder, "first.ipynb")
        fails(first, "org.apache.commons.lang3.StringUtils.reverse(\"abc\")", "does not exist")
        shows(first, f"%maven {LANG}:3.17.0", "added 1")
        shows(
            first,
            "import org.apache.commons.lang3.*;\nimport org.apache.commons.lang3.tuple.*;\n"
            'StringUtils.reverse("abc")',
            "cba",
        )
        first.must(
            "var fixed = ImmutablePair.of(1, \"one\");\n"
            "var open = MutablePair.of(fixed, new ArrayList<>(List.of(1)));\n"
            "String both() { return StringUtils.repeat(fixed.getRight(), 2) + open.getLeft(); }"
        )
        lose_executors()
        shows(first, "both() + (open.getLeft() == fixed)", "oneone(1,one)true")
        annotation_processors_run_apart(first)
        fails(first, f"%maven {LANG}:0.0.1", "3.17.0")
        fails(first, "%maven no.such.group:nothing:1", "there is no no.such.group:nothing")
        shows(first, "both()", "oneone")

        second = Notebook(folder, "second.ipynb")
        shows(second, f"//DEPS {LANG}:3.14.0\norg.apache.commons.lang3.StringUtils.class", "StringUtils")
        where = "org.apache.commons.lang3.StringUtils.class.getProtectionDomain().getCodeSource()"
        shows(second, where, "3.14.0")
        jar = second.must(where + ".getLocation().getPath()").strip()
        shows(first, where, "3.17.0")
        what_is_excluded_stays_out(second)
        second.close()

        shows(first, f"%maven {LANG}:3.14.0", "fresh executor")
        shows(first, where + ".toString() + both()", "3.14.0")
        first.close()
        again = Notebook(folder, "first.ipynb")
        shows(again, "%dependencies", f"{LANG}:3.14.0")
        shows(again, "both()", "oneone")

        # A binding of the notebook's writes into the cell that logs, whichever made the logger.
        again.must(f"%maven {LOGBACK}", 300)
        again.must("import org.slf4j.*;\nLogger log() { return LoggerFactory.getLogger(\"mine\"); }")
        shows(again, 'log().info("first {}", 1);', "INFO mine -- first 1")
        shows(again, 'log().warn("second");', "WARN mine -- second")
        again.close()
        mappers_belong_to_their_interface(folder)
        values_of_libraries_are_shown_as_what_they_are(folder)
        processors_run_only_when_asked_for(folder)
        jars_are_kept_with_the_notebook(folder, jar)
        downloads_and_sources(folder)
    print("libraries ok")


if __name__ == "__main__":
    main()
