package hydrocell.resolver;

import hydrocell.cell.message.ResolveRequest;
import hydrocell.cell.message.ResolveRequest.Repository;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.model.Model;
import org.apache.maven.model.Parent;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.Exclusion;
import org.jspecify.annotations.Nullable;

/**
 * What a POM in a cell says: dependencies, managed versions, imported BOMs and repositories. A
 * piece of one will do, as long as it is well formed; what does not begin as XML is read as YAML
 * ({@link PomYaml}). Immutable once read.
 */
final class PomText {
  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");
  private static final Set<String> SCOPES = Set.of("", "compile", "runtime", "provided");

  final List<Dependency> dependencies = new ArrayList<>();
  final List<Dependency> managed = new ArrayList<>();
  final List<Artifact> boms = new ArrayList<>();
  final List<Repository> repositories = new ArrayList<>();

  private PomText() {}

  /** Reads a POM; an empty text gives an empty one. */
  static PomText read(String text) throws IOException {
    PomText read = new PomText();
    if (text.isBlank()) {
      return read;
    }
    if (!text.stripLeading().startsWith("<")) {
      read.take(PomYaml.read(text));
      return read;
    }
    try {
      String whole = text.contains("<project") ? text : whole(text);
      read.take(new MavenXpp3Reader().read(new StringReader(whole), false));
    } catch (XmlPullParserException e) {
      throw new IOException("the POM cannot be read: " + e.getMessage(), e);
    }
    return read;
  }

  /** Pieces of a POM put together: dependencies and repositories may stand by themselves. */
  private static String whole(String pieces) throws IOException, XmlPullParserException {
    Xpp3Dom project = new Xpp3Dom("project");
    Map<String, Xpp3Dom> lists = new HashMap<>();
    lists.put("dependency", new Xpp3Dom("dependencies"));
    lists.put("repository", new Xpp3Dom("repositories"));
    lists.values().forEach(project::addChild);
    Xpp3Dom all = Xpp3DomBuilder.build(new StringReader("<all>" + pieces + "</all>"));
    for (Xpp3Dom piece : all.getChildren()) {
      String name = piece.getName();
      boolean list = name.equals("dependencies") || name.equals("repositories");
      for (Xpp3Dom each : list ? piece.getChildren() : new Xpp3Dom[] {piece}) {
        lists.getOrDefault(each.getName(), project).addChild(each);
      }
    }
    return project.toString();
  }

  private void take(Model model) {
    Properties properties = model.getProperties();
    model.getRepositories().forEach(r -> repositories.add(new Repository(r.getId(), r.getUrl())));
    if (model.getDependencyManagement() != null) {
      for (var each : model.getDependencyManagement().getDependencies()) {
        if ("import".equals(each.getScope())) {
          boms.add(dependency(each, properties).getArtifact());
        } else {
          managed.add(dependency(each, properties));
        }
      }
    }
    if (model.getParent() != null) {
      // What a parent manages counts as that of a BOM.
      boms.add(bom(model.getParent()));
    }
    for (var each : model.getDependencies()) {
      String scope = each.getScope() == null ? "" : each.getScope();
      if (SCOPES.contains(scope)) {
        dependencies.add(dependency(each, properties));
      }
    }
  }

  private static Artifact bom(Parent parent) {
    return new DefaultArtifact(
        parent.getGroupId(),
        parent.getArtifactId(),
        ResolveRequest.BOM_TYPE,
        Objects.requireNonNullElse(parent.getVersion(), ""));
  }

  private static Dependency dependency(
      org.apache.maven.model.Dependency from, Properties properties) {
    Artifact artifact =
        new DefaultArtifact(
            value(from.getGroupId(), properties),
            value(from.getArtifactId(), properties),
            value(from.getClassifier(), properties),
            value(from.getType(), properties),
            value(from.getVersion(), properties));
    List<Exclusion> exclusions =
        from.getExclusions().stream()
            .map(e -> new Exclusion(e.getGroupId(), e.getArtifactId(), "*", "*"))
            .toList();
    return new Dependency(artifact, "compile", false, exclusions);
  }

  private static String value(@Nullable String text, Properties properties) {
    if (text == null) {
      return "";
    }
    Matcher matcher = PROPERTY.matcher(text);
    return matcher.replaceAll(
        m -> Matcher.quoteReplacement(properties.getProperty(m.group(1), m.group())));
  }
}
