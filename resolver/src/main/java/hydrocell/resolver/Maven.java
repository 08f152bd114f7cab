package hydrocell.resolver;

import hydrocell.cell.message.ResolveRequest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.settings.Mirror;
import org.apache.maven.settings.Profile;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Repository;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsBuilderFactory;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuildingException;
import org.apache.maven.settings.crypto.DefaultSettingsDecrypter;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.RepositorySystemSession.SessionBuilder;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.eclipse.aether.supplier.SessionBuilderSupplier;
import org.eclipse.aether.transfer.TransferListener;
import org.eclipse.aether.util.graph.manager.DependencyManagerUtils;
import org.eclipse.aether.util.graph.transformer.ConflictResolver;
import org.eclipse.aether.util.repository.AuthenticationBuilder;
import org.eclipse.aether.util.repository.DefaultAuthenticationSelector;
import org.eclipse.aether.util.repository.DefaultMirrorSelector;
import org.eclipse.aether.util.repository.DefaultProxySelector;
import org.eclipse.aether.util.repository.SimpleResolutionErrorPolicy;
import org.jspecify.annotations.Nullable;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;
import org.sonatype.plexus.components.sec.dispatcher.DefaultSecDispatcher;

/**
 * Maven's resolver as this person has configured Maven: settings of the installation and of the
 * user, with mirrors, proxies, credentials, the local repository and the repositories of active
 * profiles. Not thread-safe.
 */
final class Maven implements AutoCloseable {
  private static final int DEFAULT_PROXY_PORT = 80;

  private final RepositorySystem system;
  private final RepositorySystemSession.CloseableSession session;
  private final List<RemoteRepository> configured;

  private Maven(
      RepositorySystem system,
      RepositorySystemSession.CloseableSession session,
      List<RemoteRepository> configured) {
    this.system = system;
    this.session = session;
    this.configured = configured;
  }

  /**
   * Reads the settings.
   *
   * @param request is offline, or looks for newer snapshots, as it says
   * @param listener is told of what is fetched
   */
  static Maven asConfigured(ResolveRequest request, TransferListener listener) throws IOException {
    Path user = Path.of(System.getProperty("user.home"), ".m2");
    Settings settings = settings(user);
    RepositorySystem system = new RepositorySystemSupplier().get();
    String local = System.getProperty("maven.repo.local", settings.getLocalRepository());
    SessionBuilder builder =
        new SessionBuilderSupplier(system)
            .get()
            .withLocalRepositoryBaseDirectories(
                local == null ? user.resolve("repository") : Path.of(local))
            .setOffline(request.offline() || settings.isOffline())
            .setUpdatePolicy(updates(request))
            // What documents nothing today will not do so tomorrow; a library may be published.
            .setResolutionErrorPolicy(
                new SimpleResolutionErrorPolicy(request.documentation(), false))
            // A snapshot's jar keeps its own name, so a newer one is never written over it.
            .setConfigProperty("aether.artifactResolver.snapshotNormalization", false)
            .setSystemProperties(System.getProperties())
            .setConfigProperty("aether.connector.connectTimeout", 10_000)
            .setConfigProperty("aether.connector.requestTimeout", 60_000)
            .setTransferListener(listener)
            .setMirrorSelector(mirrors(settings))
            .setProxySelector(proxies(settings))
            .setAuthenticationSelector(servers(settings));
    return new Maven(system, builder.build(), profileRepositories(settings));
  }

  private static String updates(ResolveRequest request) {
    return request.documentation()
        ? RepositoryPolicy.UPDATE_POLICY_NEVER
        : request.fresh()
            ? RepositoryPolicy.UPDATE_POLICY_ALWAYS
            : RepositoryPolicy.UPDATE_POLICY_DAILY;
  }

  private static Settings settings(Path user) throws IOException {
    DefaultSettingsBuildingRequest request = new DefaultSettingsBuildingRequest();
    request.setSystemProperties(System.getProperties());
    File global = installation();
    if (global != null) {
      request.setGlobalSettingsFile(global);
    }
    request.setUserSettingsFile(user.resolve("settings.xml").toFile());
    try {
      Settings settings =
          new DefaultSettingsBuilderFactory().newInstance().build(request).getEffectiveSettings();
      decrypt(settings, user.resolve("settings-security.xml"));
      return settings;
    } catch (SettingsBuildingException e) {
      throw new IOException("Maven's settings cannot be read: " + e.getMessage(), e);
    }
  }

  /** Passwords in braces are encrypted with the master password, as {@code mvn -ep} writes them. */
  private static void decrypt(Settings settings, Path master) {
    DefaultSecDispatcher dispatcher = new DefaultSecDispatcher(new DefaultPlexusCipher());
    dispatcher.setConfigurationFile(master.toString());
    SettingsDecryptionResult plain =
        new DefaultSettingsDecrypter(dispatcher)
            .decrypt(new DefaultSettingsDecryptionRequest(settings));
    settings.setServers(plain.getServers());
    settings.setProxies(plain.getProxies());
  }

  /** The settings of the Maven on the path; null when there is none. */
  private static @Nullable File installation() throws IOException {
    List<Path> homes = new ArrayList<>();
    for (String variable : List.of("MAVEN_HOME", "M2_HOME")) {
      String home = System.getenv(variable);
      if (home != null) {
        homes.add(Path.of(home));
      }
    }
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path mvn = folder.isEmpty() ? null : Path.of(folder, "mvn");
      if (mvn != null && Files.isExecutable(mvn)) {
        Path bin = mvn.toRealPath().getParent();
        if (bin != null && bin.getParent() != null) {
          homes.add(bin.getParent());
        }
      }
    }
    return homes.stream()
        .map(home -> home.resolve("conf/settings.xml"))
        .filter(Files::isReadable)
        .map(Path::toFile)
        .findFirst()
        .orElse(null);
  }

  private static DefaultMirrorSelector mirrors(Settings settings) {
    DefaultMirrorSelector mirrors = new DefaultMirrorSelector();
    for (Mirror mirror : settings.getMirrors()) {
      mirrors.add(
          mirror.getId(),
          mirror.getUrl(),
          mirror.getLayout(),
          false,
          mirror.isBlocked(),
          mirror.getMirrorOf(),
          mirror.getMirrorOfLayouts());
    }
    return mirrors;
  }

  private static DefaultProxySelector proxies(Settings settings) {
    DefaultProxySelector proxies = new DefaultProxySelector();
    String options = System.getenv().getOrDefault("MAVEN_OPTS", "");
    for (String protocol : List.of("http", "https")) {
      String host = option(options, protocol + ".proxyHost");
      String port = option(options, protocol + ".proxyPort");
      if (!host.isEmpty()) {
        int number = port.matches("\\d{1,5}") ? Integer.parseInt(port) : DEFAULT_PROXY_PORT;
        proxies.add(
            new org.eclipse.aether.repository.Proxy(protocol, host, number),
            option(options, "http.nonProxyHosts"));
      }
    }
    for (Proxy proxy : settings.getProxies()) {
      if (proxy.isActive()) {
        AuthenticationBuilder authentication = new AuthenticationBuilder();
        authentication.addUsername(proxy.getUsername()).addPassword(proxy.getPassword());
        proxies.add(
            new org.eclipse.aether.repository.Proxy(
                proxy.getProtocol(), proxy.getHost(), proxy.getPort(), authentication.build()),
            proxy.getNonProxyHosts());
      }
    }
    return proxies;
  }

  /** A system property that is set in options of a JVM; empty when it is not. */
  private static String option(String options, String property) {
    Matcher matcher = Pattern.compile("-D" + Pattern.quote(property) + "=(\\S+)").matcher(options);
    return matcher.find() ? matcher.group(1).replace("\"", "").replace("'", "") : "";
  }

  private static DefaultAuthenticationSelector servers(Settings settings) {
    DefaultAuthenticationSelector servers = new DefaultAuthenticationSelector();
    for (Server server : settings.getServers()) {
      AuthenticationBuilder authentication = new AuthenticationBuilder();
      authentication.addUsername(server.getUsername()).addPassword(server.getPassword());
      authentication.addPrivateKey(server.getPrivateKey(), server.getPassphrase());
      servers.add(server.getId(), authentication.build());
    }
    return servers;
  }

  private static List<RemoteRepository> profileRepositories(Settings settings) {
    Map<String, Profile> profiles = settings.getProfilesAsMap();
    List<RemoteRepository> found = new ArrayList<>();
    profiles.forEach((id, profile) -> {
      boolean byDefault =
          profile.getActivation() != null && profile.getActivation().isActiveByDefault();
      if (byDefault || settings.getActiveProfiles().contains(id)) {
        profile.getRepositories().forEach(r -> found.add(remote(r)));
      }
    });
    return found;
  }

  private static RemoteRepository remote(Repository repository) {
    return new RemoteRepository.Builder(repository.getId(), "default", repository.getUrl())
        .setReleasePolicy(policy(repository.getReleases()))
        .setSnapshotPolicy(policy(repository.getSnapshots()))
        .build();
  }

  private static RepositoryPolicy policy(
      org.apache.maven.settings.@Nullable RepositoryPolicy policy) {
    return policy == null
        ? new RepositoryPolicy()
        : new RepositoryPolicy(
            policy.isEnabled(),
            Objects.requireNonNullElse(
                policy.getUpdatePolicy(), RepositoryPolicy.UPDATE_POLICY_DAILY),
            Objects.requireNonNullElse(
                policy.getChecksumPolicy(), RepositoryPolicy.CHECKSUM_POLICY_WARN));
  }

  private static RemoteRepository remote(String id, String url) {
    return new RemoteRepository.Builder(id, "default", url).build();
  }

  /** The repositories to look in, central last, through mirrors and proxies. */
  List<RemoteRepository> repositories(Collection<ResolveRequest.Repository> wanted) {
    List<RemoteRepository> all = new ArrayList<>();
    wanted.forEach(each -> all.add(remote(each.id(), each.url())));
    all.addAll(configured);
    if (all.stream().noneMatch(each -> each.getId().equals(SuperPom.CENTRAL))) {
      all.add(SuperPom.central());
    }
    return system.newResolutionRepositories(session, all);
  }

  RepositorySystem system() {
    return system;
  }

  RepositorySystemSession session() {
    return session;
  }

  /** A session that keeps what lost against another version, for showing it. */
  RepositorySystemSession.CloseableSession verboseSession() {
    return system
        .createSessionBuilder()
        .withRepositorySystemSession(session)
        .setConfigProperty(
            ConflictResolver.CONFIG_PROP_VERBOSE, ConflictResolver.Verbosity.STANDARD)
        .setConfigProperty(DependencyManagerUtils.CONFIG_PROP_VERBOSE, true)
        .build();
  }

  @Override
  public void close() {
    session.close();
    system.shutdown();
  }
}
