package hydrocell.executor;

import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.Installation;
import hydrocell.cell.local.Settings;
import hydrocell.cell.message.HostReply;
import hydrocell.executor.run.TestNotebook;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A storage node and an executor host with real processes, and a kernel's connection to it. */
final class TestHost implements AutoCloseable {
  static final byte[] ANNA_SECRET = {7};
  static final byte[] SECRET = {8};
  static final Duration LONG = Duration.ofMinutes(10);

  final StorageNode anna;
  final ExecutorHost host;
  final TestKernel kernel;
  final Path folder;

  private TestHost(Path folder, StorageNode anna, ExecutorHost host, TestKernel kernel) {
    this.folder = folder;
    this.anna = anna;
    this.host = host;
    this.kernel = kernel;
  }

  /** Starts one with settings as in the operator's file, a line each. */
  static TestHost start(Path folder, int warm, int max, Duration idleLease, String... settings)
      throws Exception {
    Path file = Files.write(folder.resolve("settings.properties"), java.util.List.of(settings));
    return start(
        folder,
        Installation.here().command(Installation.Role.EXECUTOR),
        warm,
        max,
        idleLease,
        Settings.read(file));
  }

  /** Starts one whose executors are started by another command. */
  static TestHost start(
      Path folder,
      java.util.List<String> executor,
      int warm,
      int max,
      Duration idleLease,
      Settings settings)
      throws Exception {
    StorageNode anna =
        StorageNode.start(
            StorageConfig.local(
                folder.resolve("anna"), Endpoint.unix(folder.resolve("a.sock")), ANNA_SECRET));
    ExecutorHost host =
        ExecutorHost.start(
            new HostConfig(
                Endpoint.unix(folder.resolve("h.sock")),
                SECRET,
                Installation.here().command(Installation.Role.COMPILER),
                executor,
                Installation.here().command(Installation.Role.RESOLVER),
                folder,
                Files.createDirectories(folder.resolve("logs")),
                anna.endpoint(),
                ANNA_SECRET,
                warm,
                max,
                idleLease,
                LONG,
                folder.resolve("scratch"),
                LimitPolicy.of(settings, Capacity.here()),
                MemoryReserve.of(settings, Capacity.here()),
                false,
                Isolation.of(
                    settings,
                    new Folders(folder, folder),
                    Installation.here().program(),
                    anna.endpoint())),
            () -> {});
    return new TestHost(folder, anna, host, new TestKernel(host.endpoint(), SECRET));
  }

  /** A notebook in an executor that is leased to it. */
  TestNotebook notebook(String session, HostReply.Leased lease) throws Exception {
    TestNotebook notebook = new TestNotebook(session, anna.endpoint(), ANNA_SECRET);
    notebook.attach(lease);
    return notebook;
  }

  /** Leases an executor with these limits. */
  HostReply.Leased lease(String session, Map<String, Long> limits) throws Exception {
    return kernel.lease(session, limits);
  }

  @Override
  public void close() throws IOException {
    kernel.close();
    host.close();
    anna.close();
  }
}
