package hydrocell.kernel;

import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.CellFunction;
import hydrocell.cell.ClassFile;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedVersion;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Makes versions of shared names entries of this notebook: the value stays where it lies, or is
 * copied where the name is another person's, and types come along as they are. A variable that its
 * writer calls otherwise, or had with another type here, is declared by the compile service. For
 * the thread that runs cells.
 */
final class SharedImports {
  private final Backend backend;
  private final Session session;
  private final SharedParts parts;
  private final SharedRights rights;

  SharedImports(Backend backend, Session session, SharedParts parts, SharedRights rights) {
    this.backend = backend;
    this.session = session;
    this.parts = parts;
    this.rights = rights;
  }

  /**
   * The entries that bring a version into this notebook.
   *
   * @param local what the variable is called here
   */
  Map<Name, Entry> of(Name local, SharedName shared, SharedVersion version)
      throws IOException, NotUsableException {
    SharedParts.check(shared, version);
    String origin = shared.toString();
    Map<Name, Entry> entries = definitions(local, origin, version);
    NotUsableException refusal = backend.severalPeople() ? rights.neededTrust(shared) : null;
    if (refusal != null) {
      return data(local, shared, version, refusal);
    }
    Entry value = own(shared, version).ownedBy(origin);
    Entry here = session.manifest().get(local);
    if (value.name().equals(local) && (here == null || sameClass(here, value))) {
      entries.put(local, value);
    } else if (here != null && entries.isEmpty() && sameType(here.symbol(), value.symbol())) {
      entries.put(local, value.with(here.symbol()));
    } else {
      declare(local, value, version.definitions(), entries);
    }
    return entries;
  }

  /**
   * A version's entry, with what it needs where this person's executors find it. Of another
   * person's name that is a copy, which stays when the name does not.
   */
  private Entry own(SharedName shared, SharedVersion version)
      throws IOException, NotUsableException {
    Entry entry = version.entry();
    if (!backend.severalPeople()) {
      return entry;
    }
    parts.takeClasses(shared, version);
    String value = entry.valueKey();
    boolean readable = shared.owner().equals(session.owner()) && !session.isTogether();
    if (value == null || readable) {
      return entry;
    }
    Key own = SharedParts.valueOf(shared, entry.stamp(), session.keys(), session.nextStamp());
    if (!SharedParts.copyValue(backend.anna(), new Key(value), own)) {
      throw new ReplacedException(shared);
    }
    return entry.valueAt(own.text());
  }

  /**
   * The entries that bring a version into the notebook of somebody who does not trust its writer:
   * its value as data, under declarations that this person's compiler makes of their texts.
   *
   * @param refusal thrown when the version is more than data
   */
  private Map<Name, Entry> data(
      Name local, SharedName shared, SharedVersion version, NotUsableException refusal)
      throws IOException, NotUsableException {
    String source;
    try {
      source = PlainData.declarations(version, local.text());
    } catch (NotUsableException e) {
      throw because(refusal, String.valueOf(e.getMessage()));
    }
    CellFunction function = compiled(source, session.manifest());
    Map<String, ClassRef> own = new HashMap<>();
    Map<Name, Symbol> defined = new LinkedHashMap<>();
    for (Symbol symbol : function.defines()) {
      defined.put(symbol.name(), symbol);
      symbol.classes().forEach(ref -> own.put(ref.binaryName(), ref));
    }
    for (Entry each : version.definitions()) {
      Entry here = session.manifest().get(each.name());
      if (here != null
          && defined.containsKey(each.name())
          && !here.owner().equals(shared.toString())) {
        throw because(refusal, "this notebook has another `%s`".formatted(each.name().text()));
      }
      if (here != null) {
        defined.putIfAbsent(each.name(), here.symbol());
        here.symbol().classes().forEach(ref -> own.putIfAbsent(ref.binaryName(), ref));
      }
    }
    List<ClassRef> classes = new ArrayList<>();
    for (ClassRef wanted : version.entry().valueClasses()) {
      ClassRef ref = own.get(wanted.binaryName());
      if (ref == null) {
        throw because(refusal, "its value needs " + wanted.binaryName());
      }
      classes.add(ref);
    }
    store(function.classes());
    return entries(local, shared, version, defined, classes);
  }

  private static NotUsableException because(NotUsableException refusal, String why) {
    return new NotUsableException("%s (%s)".formatted(refusal.getMessage(), why));
  }

  private Map<Name, Entry> entries(
      Name local,
      SharedName shared,
      SharedVersion version,
      Map<Name, Symbol> defined,
      List<ClassRef> classes)
      throws IOException, NotUsableException {
    Entry value = version.entry();
    Stamp commit = session.nextStamp();
    Key key = SharedParts.dataOf(shared, value.stamp(), session.keys(), commit);
    if (!SharedParts.copyValue(backend.anna(), new Key(String.valueOf(value.valueKey())), key)) {
      throw new ReplacedException(shared);
    }
    Map<Name, Entry> entries = new LinkedHashMap<>();
    Manifest manifest = session.manifest();
    for (Symbol symbol : defined.values()) {
      Entry known = manifest.get(symbol.name());
      if (symbol.name().equals(local)) {
        continue;
      } else if (known != null) {
        entries.put(symbol.name(), known.with(symbol));
      } else if (version.definitions().stream().anyMatch(d -> d.name().equals(symbol.name()))) {
        entries.put(
            symbol.name(),
            Entry.definition(symbol, commit, session.cellNumber()).ownedBy(shared.toString()));
      }
    }
    Entry here = manifest.get(local);
    Symbol own = defined.get(local);
    if (own == null && here != null) {
      own = here.symbol(); // Nothing is defined anew where the name was declared just so.
    }
    entries.put(
        local,
        value.ownedBy(shared.toString()).asData(Objects.requireNonNull(own), key.text(), classes));
    return entries;
  }

  private static boolean sameClass(Entry one, Entry other) {
    return one.symbol().className().equals(other.symbol().className());
  }

  private static boolean sameType(Symbol one, Symbol other) {
    return one.type().equals(other.type()) && one.descriptor().equals(other.descriptor());
  }

  /** The definitions of a version that this notebook does not have yet. */
  private Map<Name, Entry> definitions(Name local, String origin, SharedVersion version)
      throws NotUsableException {
    Map<Name, Entry> entries = new LinkedHashMap<>();
    for (Entry definition : version.definitions()) {
      Entry here = session.manifest().get(definition.name());
      if (here != null && sameClass(here, definition)) {
        continue;
      }
      if (here != null && !here.owner().equals(origin)) {
        throw new NotUsableException(
            "`%s` needs the %s `%s` of %s, and this notebook has another one: rename or %%rm that"
                .formatted(
                    local.text(),
                    definition.name().kind().name().toLowerCase(Locale.ROOT),
                    definition.name().text(),
                    version.person()));
      }
      entries.put(definition.name(), definition.ownedBy(origin));
    }
    return entries;
  }

  /** Declares a variable for a value, and what depends on it once more. */
  private void declare(Name local, Entry value, List<Entry> definitions, Map<Name, Entry> entries)
      throws IOException, NotUsableException {
    Manifest manifest = session.manifest();
    Manifest with = manifest.copy();
    with.apply(
        new Commit(
            session.nextStamp(),
            manifest.frontier(),
            session.cellNumber(),
            Commit.Ending.WIDGETS,
            definitions,
            List.of(),
            List.of()));
    CellFunction function = compiled(value.symbol().type() + " " + local.text() + ";", with);
    store(function.classes());
    for (Symbol symbol : function.defines()) {
      Entry known = entries.getOrDefault(symbol.name(), manifest.get(symbol.name()));
      if (symbol.name().equals(local)) {
        entries.put(local, value.with(symbol));
      } else if (known != null) {
        entries.put(symbol.name(), known.with(symbol));
      }
    }
    // Nothing is defined anew where the name was declared just so.
    Entry here = manifest.get(local);
    entries.putIfAbsent(
        local, here == null ? value : value.with(Objects.requireNonNull(here.symbol())));
  }

  private CellFunction compiled(String source, Manifest manifest)
      throws IOException, NotUsableException {
    CompileRequest.Context context = CompileStep.context(manifest, source);
    CompileReply reply =
        Backend.await(
            backend.compile(id -> new CompileRequest.Compile(id, "%use", source, context)));
    if (reply instanceof CompileReply.Compiled compiled) {
      return compiled.function();
    }
    String why =
        reply instanceof CompileReply.Rejected rejected
            ? CompileErrors.headline(rejected)
            : ((CompileReply.CompilerFailed) reply).message();
    throw new NotUsableException("`%s` cannot be declared here: %s".formatted(source, why));
  }

  private void store(List<ClassFile> classes) throws IOException {
    List<CompletableFuture<?>> stored = new ArrayList<>();
    for (ClassFile file : classes) {
      stored.add(
          backend
              .anna()
              .putWhole(SessionKeys.classFile(file.ref().sha256()), file.bytes(), Durability.LOG));
    }
    for (CompletableFuture<?> each : stored) {
      Backend.await(each);
    }
  }
}
