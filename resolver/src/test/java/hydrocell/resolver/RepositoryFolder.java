package hydrocell.resolver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** A repository of libraries in a folder, as Maven lays it out; all of one group. */
record RepositoryFolder(Path folder) {
  static final String GROUP = "test.hydrocell";

  static String dependency(String artifact, String version) {
    return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
        .formatted(GROUP, artifact, version);
  }

  /** A library that needs others. */
  void put(String artifact, String version, String dependencies) throws IOException {
    put(artifact, version, version, "<dependencies>" + dependencies + "</dependencies>");
    jar(artifact, version, version + ".jar");
  }

  /** A list of versions. */
  void putBom(String artifact, String version, String managed) throws IOException {
    put(
        artifact,
        version,
        version,
        "<packaging>pom</packaging><dependencyManagement><dependencies>"
            + managed
            + "</dependencies></dependencyManagement>");
  }

  /** A build of a snapshot, the newest from now on. */
  void putSnapshot(String artifact, String base, String time, int build) throws IOException {
    String value = base + "-" + time + "-" + build;
    put(artifact, base + "-SNAPSHOT", value, "");
    jar(artifact, base + "-SNAPSHOT", value + ".jar");
    Files.writeString(
        at(artifact, base + "-SNAPSHOT").resolve("maven-metadata.xml"),
        ("<metadata modelVersion=\"1.1.0\"><groupId>%s</groupId><artifactId>%s</artifactId><version>%s-SNAPSHOT</version>"
                + "<versioning><snapshot><timestamp>%s</timestamp><buildNumber>%d</buildNumber></snapshot>"
                + "<lastUpdated>%s</lastUpdated><snapshotVersions>%s%s</snapshotVersions></versioning></metadata>")
            .formatted(
                GROUP,
                artifact,
                base,
                time,
                build,
                time.replace(".", ""),
                file("jar", value, time),
                file("pom", value, time)));
  }

  private static String file(String extension, String value, String time) {
    return "<snapshotVersion><extension>%s</extension><value>%s</value><updated>%s</updated></snapshotVersion>"
        .formatted(extension, value, time.replace(".", ""));
  }

  /** Says which versions there are. */
  void list(String artifact, String... versions) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String version : versions) {
      all.append("<version>").append(version).append("</version>");
    }
    Files.writeString(
        folder.resolve(GROUP.replace('.', '/')).resolve(artifact).resolve("maven-metadata.xml"),
        "<metadata><groupId>%s</groupId><artifactId>%s</artifactId><versioning><versions>%s</versions></versioning></metadata>"
            .formatted(GROUP, artifact, all));
  }

  private Path at(String artifact, String version) {
    return folder.resolve(GROUP.replace('.', '/')).resolve(artifact).resolve(version);
  }

  private void put(String artifact, String version, String value, String rest) throws IOException {
    Files.createDirectories(at(artifact, version));
    Files.writeString(
        at(artifact, version).resolve(artifact + "-" + value + ".pom"),
        "<project><modelVersion>4.0.0</modelVersion><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>%s</project>"
            .formatted(GROUP, artifact, version, rest));
  }

  /** A jar of a version, by the end of its name. */
  void jar(String artifact, String version, String end) throws IOException {
    String name = artifact + "-" + end;
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(at(artifact, version).resolve(name)))) {
      jar.putNextEntry(new ZipEntry(name + ".txt"));
    }
  }
}
