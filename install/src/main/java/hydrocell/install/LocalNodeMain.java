package hydrocell.install;

import hydrocell.anna.wire.Build;
import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.Installation;
import hydrocell.cell.local.Settings;
import hydrocell.cell.local.SharedStore;
import hydrocell.executor.Capacity;
import hydrocell.executor.ExecutorHost;
import hydrocell.executor.HostConfig;
import hydrocell.executor.HostFigures;
import hydrocell.executor.Isolation;
import hydrocell.executor.LimitPolicy;
import hydrocell.executor.MemoryReserve;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The local node's process: storage node and executor host of one person. It ends by itself some
 * minutes after the last kernel left ({@code -Dhydrocell.node.idleSeconds}), at a stop request, and
 * at SIGTERM.
 */
public final class LocalNodeMain {
  private static final long LOOK_MS = 500;
  private static final long FIRST_CELLS_S = 10;
  private static final int WARM_EXECUTORS = 1;
  private static final int MAX_EXECUTORS_PER_CORE = 16;
  private static final int MOST_EXECUTORS = 10_000;
  private static final int MAX_PORT = 65_535;
  private static final long IDLE_LEASE_S = 60;
  private static final long LONG_LEASE_S = 1_800;
  private static final long MOST_IDLE_S = TimeUnit.DAYS.toSeconds(365);

  private LocalNodeMain() {}

  /**
   * Takes no arguments, or {@code --shared FOLDER [--listen HOST:PORT]}: then it is a {@link
   * SharedNode}.
   */
  public static void main(String[] arguments) throws InterruptedException {
    if (arguments.length == 0) {
      localNode();
    } else if (arguments.length == 2 && arguments[0].equals("--shared")) {
      sharedNode(Path.of(arguments[1]), null);
    } else if (arguments.length == 4
        && arguments[0].equals("--shared")
        && arguments[2].equals("--listen")) {
      sharedNode(Path.of(arguments[1]), arguments[3]);
    } else {
      System.err.println("hydrocell: node wants --shared FOLDER [--listen HOST:PORT]");
      System.exit(2);
    }
  }

  /** Where a shared store is to listen for other machines. */
  private static @Nullable Endpoint remote(@Nullable String hostAndPort) throws IOException {
    if (hostAndPort == null) {
      return null;
    }
    SharedStore address = new SharedStore("tls://" + hostAndPort);
    return Endpoint.tcp(address.host(), address.port());
  }

  private static void sharedNode(Path named, @Nullable String listen) throws InterruptedException {
    try {
      Endpoint remote = remote(listen);
      Path folder = SharedStore.makeFolder(named);
      // Before the first logger is made: its file lies there.
      Path logs = Folders.makePrivate(folder.resolve("log"));
      System.setProperty("hydrocell.log", logs.toString());
      SharedNode node = SharedNode.start(folder, remote);
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(node::close));
      new LogFiles(logs).start();
      System.out.printf(
          "the shared store runs; %s=%s in the environment of kernels uses it%n",
          SharedStore.VARIABLE, folder);
      if (remote != null) {
        System.out.printf(
            "on other machines %s=tls://%s, and a token: `hydrocell token PERSON --shared %s`%n",
            SharedStore.VARIABLE, node.remoteEndpoint().hostAndPort(), folder);
      }
      new CountDownLatch(1).await();
    } catch (IOException e) {
      System.err.println("hydrocell: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void localNode() throws InterruptedException {
    Folders folders = Folders.here();
    CountDownLatch ended = new CountDownLatch(1);
    try {
      Folders.makePrivate(folders.data());
      // Before the first logger is made: its file lies there.
      System.setProperty("hydrocell.log", Folders.makePrivate(folders.logs()).toString());
      Settings settings = Settings.read(folders.settings());
      int metricsPort = (int) settings.number("metrics.port", -1, 0, MAX_PORT);
      LocalNode node =
          LocalNode.start(
              folders,
              Machine.here(),
              Build.here().id(),
              metricsPort,
              SharedStore.of(System.getenv(), settings),
              (endpoint, anna, secret, stop) ->
                  host(folders, settings, endpoint, anna, secret, stop),
              ended::countDown,
              made ->
                  Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(made::close)));
      if (node == null) {
        return;
      }
      makeCachesLater(folders);
      new LogFiles(folders.logs()).start();
      IdleWatch watch =
          new IdleWatch(node::inUse, System::nanoTime, seconds("hydrocell.node.idleSeconds", 300));
      while (!ended.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
        if (watch.isOver()) {
          LoggerFactory.getLogger(LocalNodeMain.class)
              .info("nobody has used this node for a while");
          break;
        }
      }
      node.close();
      System.exit(0);
    } catch (IOException e) {
      System.err.println("hydrocell: " + e.getMessage());
      System.exit(1);
    }
  }

  /** The caches of a copy that is used for the first time; the first cells go before. */
  private static void makeCachesLater(Folders folders) {
    FirstUse use = FirstUse.here();
    if (use != null && use.isPending()) {
      CompletableFuture.delayedExecutor(FIRST_CELLS_S, TimeUnit.SECONDS)
          .execute(() -> {
            try {
              use.begin(folders.logs().resolve("training.log"));
            } catch (IOException e) {
              LoggerFactory.getLogger(LocalNodeMain.class)
                  .warn("processes start without caches: {}", e.getMessage());
            }
          });
    }
  }

  private static Duration seconds(String property, long otherwise) {
    return Duration.ofSeconds(Long.getLong(property, otherwise));
  }

  private static LocalNode.Host host(
      Folders folders,
      Settings settings,
      Endpoint endpoint,
      LocalNode.Store anna,
      byte[] secret,
      Runnable stop)
      throws IOException {
    Installation installation = Installation.here();
    Capacity machine = Capacity.here();
    HostConfig config =
        new HostConfig(
            endpoint,
            secret,
            installation.command(Installation.Role.COMPILER),
            installation.command(Installation.Role.EXECUTOR),
            installation.command(Installation.Role.RESOLVER),
            endpoint.isUnix() ? folders.run() : null,
            folders.logs(),
            anna.endpoint(),
            anna.secret(),
            (int) settings.number("executors.warm", WARM_EXECUTORS, 0, MOST_EXECUTORS),
            (int)
                settings.number(
                    "executors.max",
                    (long) MAX_EXECUTORS_PER_CORE * machine.processors(),
                    1,
                    MOST_EXECUTORS),
            Duration.ofSeconds(settings.number("lease.idle", IDLE_LEASE_S, 1, MOST_IDLE_S)),
            Duration.ofSeconds(settings.number("lease.long", LONG_LEASE_S, 1, MOST_IDLE_S)),
            Folders.makePrivate(folders.scratch()),
            LimitPolicy.of(settings, machine),
            MemoryReserve.of(settings, machine),
            anna.severalPeople(),
            Isolation.of(settings, folders, installation.program(), anna.endpoint()));
    if (!settings.unknown().isEmpty()) {
      LoggerFactory.getLogger(LocalNodeMain.class)
          .warn("{} has settings that nobody knows: {}", folders.settings(), settings.unknown());
    }
    ExecutorHost host = ExecutorHost.start(config, stop);
    return new LocalNode.Host() {
      @Override
      public Endpoint endpoint() {
        return host.endpoint();
      }

      @Override
      public boolean inUse() {
        return host.inUse();
      }

      @Override
      public @Nullable HostFigures figures() {
        return host.figures();
      }

      @Override
      public void close() throws IOException {
        host.close();
      }
    };
  }
}
