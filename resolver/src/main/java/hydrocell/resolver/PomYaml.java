package hydrocell.resolver;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.model.Dependency;
import org.apache.maven.model.Exclusion;
import org.apache.maven.model.Model;
import org.apache.maven.model.Repository;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A POM as the Ganymede kernel has it, in YAML:
 *
 * <pre>{@code
 * repositories:
 *   - id: ours
 *     url: https://repository.example.org/maven2
 * dependencies:
 *   - org.knowm.xchart:xchart:4.0.3
 *   - groupId: org.slf4j
 *     artifactId: slf4j-api
 *     version: 2.0.17
 *     exclusions: [org.example:unwanted]
 * }</pre>
 *
 * Nothing but maps, lists and scalars is made of the text, whatever tags stand in it.
 */
final class PomYaml {
  private static final String HOW =
      "a POM that is not XML is YAML, with 'repositories:' (each an id and a url) and"
          + " 'dependencies:' (each group:artifact:version, or groupId, artifactId and version)";

  private PomYaml() {}

  /** What the text says, as Maven's own model. */
  static Model read(String text) throws IOException {
    Object whole;
    try {
      whole = yaml().load(text);
    } catch (YAMLException e) {
      throw new IOException("the POM cannot be read: %s; %s".formatted(HOW, e.getMessage()), e);
    }
    Model model = new Model();
    for (Map.Entry<String, Object> part : map(whole).entrySet()) {
      switch (part.getKey()) {
        case "repositories" -> {
          for (Object each : list(part.getValue())) {
            model.addRepository(repository(map(each)));
          }
        }
        case "dependencies" -> {
          for (Object each : list(part.getValue())) {
            model.addDependency(
                each instanceof String line ? written(line) : dependency(map(each)));
          }
        }
        case "offline" ->
            throw new IOException("'offline' is the setting maven.offline of the notebook here");
        default -> throw unlike("'%s'".formatted(part.getKey()));
      }
    }
    return model;
  }

  /** Every scalar stays the text that it is: version 1.10 is no number. */
  private static Yaml yaml() {
    LoaderOptions limits = new LoaderOptions();
    DumperOptions unused = new DumperOptions();
    Resolver textOnly =
        new Resolver() {
          @Override
          protected void addImplicitResolvers() {}
        };
    return new Yaml(new SafeConstructor(limits), new Representer(unused), unused, limits, textOnly);
  }

  private static IOException unlike(String found) {
    return new IOException("%s; this has %s".formatted(HOW, found));
  }

  private static Map<String, Object> map(@Nullable Object tree) throws IOException {
    if (!(tree instanceof Map<?, ?> map)) {
      throw unlike("'%s'".formatted(tree));
    }
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach((key, value) -> named.put(String.valueOf(key), value));
    return named;
  }

  /** Nothing below a word is an empty list. */
  private static List<?> list(@Nullable Object tree) throws IOException {
    if (tree instanceof List<?> list) {
      return list;
    }
    if (tree == null || tree.equals("")) {
      return List.of();
    }
    throw unlike("'%s' where a list is wanted".formatted(tree));
  }

  private static @Nullable String text(Map<String, Object> of, String name) {
    Object value = of.get(name);
    return value == null ? null : value.toString();
  }

  private static Repository repository(Map<String, Object> of) throws IOException {
    Repository repository = new Repository();
    repository.setId(text(of, "id"));
    repository.setUrl(text(of, "url"));
    if (repository.getId() == null || repository.getUrl() == null) {
      throw unlike("the repository %s".formatted(of));
    }
    return repository;
  }

  private static Dependency written(String coordinates) throws IOException {
    String[] parts = coordinates.strip().split(":");
    if (parts.length < 2 || parts.length > 5) {
      throw unlike("the library '%s'".formatted(coordinates));
    }
    Dependency dependency = new Dependency();
    dependency.setGroupId(parts[0]);
    dependency.setArtifactId(parts[1]);
    dependency.setVersion(parts.length == 2 ? null : parts[parts.length - 1]);
    if (parts.length > 3) {
      dependency.setType(parts[2]);
    }
    if (parts.length > 4) {
      dependency.setClassifier(parts[3]);
    }
    return dependency;
  }

  private static Dependency dependency(Map<String, Object> of) throws IOException {
    Dependency dependency = new Dependency();
    dependency.setGroupId(text(of, "groupId"));
    dependency.setArtifactId(text(of, "artifactId"));
    dependency.setVersion(text(of, "version"));
    dependency.setClassifier(text(of, "classifier"));
    dependency.setScope(text(of, "scope"));
    String type = text(of, of.containsKey("type") ? "type" : "extension");
    if (type != null) {
      dependency.setType(type);
    }
    for (Object each : list(of.get("exclusions"))) {
      dependency.addExclusion(exclusion(each));
    }
    if (dependency.getGroupId() == null || dependency.getArtifactId() == null) {
      throw unlike("the library %s".formatted(of));
    }
    return dependency;
  }

  private static Exclusion exclusion(Object written) throws IOException {
    String[] parts = written instanceof String line ? line.split(":") : new String[0];
    Map<String, Object> named = parts.length > 0 ? Map.of() : map(written);
    Exclusion exclusion = new Exclusion();
    exclusion.setGroupId(parts.length > 0 ? parts[0] : text(named, "groupId"));
    exclusion.setArtifactId(parts.length > 1 ? parts[1] : text(named, "artifactId"));
    if (exclusion.getGroupId() == null || exclusion.getArtifactId() == null) {
      throw unlike("the exclusion %s".formatted(written));
    }
    return exclusion;
  }
}
