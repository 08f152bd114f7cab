package hydrocell.benchmarks;

import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Access;
import hydrocell.anna.wire.Access.Grant;
import hydrocell.anna.wire.Access.Right;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.Permissions;
import hydrocell.anna.wire.Permissions.Permission;
import hydrocell.anna.wire.Permissions.Use;
import hydrocell.anna.wire.Permissions.Whom;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What rights and tokens cost a request: the same load on a store of one's own with its secret,
 * with a cell's token, and on a store for several people, on keys of one's own and, where root runs
 * this, on what another person permits. Clients are processes of their own; the stores take turns,
 * and each counts by the median of its rounds. Prints a Markdown table. Arguments: [rounds].
 */
public final class RightsCost {
  private static final int CLIENTS = 8;
  private static final int IN_FLIGHT = 64;
  private static final int TURNS = 9;
  private static final int OTHER_USER = 12_345;
  private static final byte[] SECRET = Arrays.copyOf(new byte[] {1, 2, 3}, 32);

  private RightsCost() {}

  /** One way to ask. */
  private record Way(
      String name, Endpoint store, byte[] credentials, String prefix, boolean other) {
    List<String> command(int rounds, boolean writes) {
      List<String> command = new ArrayList<>();
      if (other) {
        command.addAll(
            List.of(
                "setpriv",
                "--reuid=" + OTHER_USER,
                "--regid=" + OTHER_USER,
                "--clear-groups",
                "--"));
      }
      command.addAll(
          List.of(
              ProcessHandle.current().info().command().orElse("java"),
              "-cp",
              System.getProperty("java.class.path"),
              RightsCost.class.getName(),
              "client",
              store.text(),
              HexFormat.of().formatHex(credentials),
              prefix,
              Integer.toString(rounds),
              Boolean.toString(writes)));
      return command;
    }

    /** Requests a second. */
    double run(int rounds, boolean writes) throws IOException, InterruptedException {
      Process process =
          new ProcessBuilder(command(rounds, writes))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(name + " did not run");
      }
      return Double.parseDouble(said.strip());
    }
  }

  /** Runs the comparison, or one client of it. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 6 && arguments[0].equals("client")) {
      client(arguments);
      return;
    }
    int rounds = arguments.length == 1 ? Integer.parseInt(arguments[0]) : 2_000;
    Path folder = Files.createTempDirectory("hcr");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path people = Files.createDirectory(folder.resolve("people"));
    try (StorageNode own =
            StorageNode.start(
                StorageConfig.local(
                    folder.resolve("own"), Endpoint.unix(folder.resolve("o.sock")), SECRET));
        StorageNode shared =
            StorageNode.start(
                StorageConfig.shared(
                    folder.resolve("shared"),
                    Endpoint.unix(folder.resolve("s.sock")),
                    people,
                    Long.MAX_VALUE / 2,
                    null))) {
      compare(rounds, ways(own.endpoint(), shared.endpoint()));
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
  }

  private static void client(String[] arguments) throws Exception {
    Endpoint store = new Endpoint(arguments[1]);
    byte[] credentials = HexFormat.of().parseHex(arguments[2]);
    int rounds = Integer.parseInt(arguments[4]);
    boolean writes = Boolean.parseBoolean(arguments[5]);
    Load.Opener opener =
        client -> {
          SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
          channel.connect(store.address());
          return new AnnaFrames(
              channel,
              Channels.newInputStream(channel),
              Channels.newOutputStream(channel),
              credentials,
              arguments[3],
              client,
              writes);
        };
    new Load(CLIENTS, IN_FLIGHT, Math.max(1, rounds / 3)).run(opener);
    System.out.println(new Load(CLIENTS, IN_FLIGHT, rounds).run(opener));
  }

  private static List<Way> ways(Endpoint own, Endpoint shared) throws Exception {
    String me = System.getProperty("user.name");
    Access cell =
        new Access(
            me,
            List.of(
                new Grant("session/x/v/", EnumSet.of(Right.READ, Right.MERGE, Right.DELETE)),
                new Grant("session/x/m/", EnumSet.of(Right.READ, Right.MERGE)),
                new Grant("session/x/o/", EnumSet.of(Right.MERGE)),
                new Grant("shared/", EnumSet.of(Right.READ, Right.MERGE)),
                new Grant("class/", EnumSet.of(Right.READ, Right.ADDRESSED))),
            System.currentTimeMillis() + 86_400_000L);
    byte[] token = cell.token(SECRET);
    Permissions permitted =
        new Permissions(
            List.of(
                new Permission(
                    Whom.USER, Integer.toString(OTHER_USER), Use.WRITE, Long.MAX_VALUE)));
    try (NodeClient owner = NodeClient.connect(shared, "benchmark", SECRET)) {
      owner
          .merge(
              new Key("rights/" + me + "/table"),
              new LwwRegister(new Stamp(1, "w", 0), permitted.bytes()),
              Durability.LOG)
          .get();
    }
    List<Way> ways = new ArrayList<>();
    ways.add(new Way("own store, its secret", own, SECRET, "session/x/v/", false));
    ways.add(new Way("own store, a cell's token", own, token, "session/x/v/", false));
    ways.add(
        new Way("shared store, a cell's token, own keys", shared, token, "session/x/v/", false));
    if (me.equals("root")) {
      ways.add(
          new Way(
              "shared store, what another person permits",
              shared,
              SECRET,
              "shared/" + me + "/table/d/",
              true));
    }
    return ways;
  }

  private static void compare(int rounds, List<Way> ways) throws Exception {
    System.out.println(
        "| rights and tokens, requests/s | merge | against the first | get | against the first |");
    System.out.println("|---|---|---|---|---|");
    double[][] merges = new double[ways.size()][TURNS];
    double[][] gets = new double[ways.size()][TURNS];
    for (int turn = 0; turn < TURNS; turn++) {
      for (int i = 0; i < ways.size(); i++) {
        merges[i][turn] = ways.get(i).run(rounds, true);
        gets[i][turn] = ways.get(i).run(rounds, false);
      }
    }
    for (int i = 0; i < ways.size(); i++) {
      System.out.printf(
          "| %s | %,.0f | %.3f | %,.0f | %.3f |%n",
          ways.get(i).name(),
          median(merges[i]),
          median(merges[i]) / median(merges[0]),
          median(gets[i]),
          median(gets[i]) / median(gets[0]));
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
