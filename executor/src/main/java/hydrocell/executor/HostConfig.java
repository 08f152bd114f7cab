package hydrocell.executor;

import hydrocell.anna.wire.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How an executor host runs. Immutable.
 *
 * @param listen where it listens for kernels
 * @param secret what kernels must present
 * @param compilerCommand starts a compile service
 * @param executorCommand starts a cell executor
 * @param resolverCommand starts a process that finds libraries
 * @param run folder of the children's sockets; null where they listen on TCP loopback
 * @param logs folder of the children's logs
 * @param anna where state lies
 * @param annaSecret what its handshake wants
 * @param warmExecutors how many are kept ready ahead at least
 * @param maxExecutors how many there may be at all
 * @param idleLease after how long an idle lease ends
 * @param longLease the same where something lives that cannot be stored, or threads run
 * @param scratch folder of the executors' temporary folders
 * @param limits what executors may use
 * @param memory what is left free of the machine's memory
 * @param severalPeople whether the store serves several people, who have rights to what is others'
 * @param isolation whether executors see no more than their notebook's part of the machine
 */
public record HostConfig(
    Endpoint listen,
    byte[] secret,
    List<String> compilerCommand,
    List<String> executorCommand,
    List<String> resolverCommand,
    @org.jspecify.annotations.Nullable Path run,
    Path logs,
    Endpoint anna,
    byte[] annaSecret,
    int warmExecutors,
    int maxExecutors,
    Duration idleLease,
    Duration longLease,
    Path scratch,
    LimitPolicy limits,
    MemoryReserve memory,
    boolean severalPeople,
    Isolation isolation) {

  /** A host whose store serves one person, and whose executors see what that person does. */
  public HostConfig(
      Endpoint listen,
      byte[] secret,
      List<String> compilerCommand,
      List<String> executorCommand,
      List<String> resolverCommand,
      @org.jspecify.annotations.Nullable Path run,
      Path logs,
      Endpoint anna,
      byte[] annaSecret,
      int warmExecutors,
      int maxExecutors,
      Duration idleLease,
      Duration longLease,
      Path scratch,
      LimitPolicy limits,
      MemoryReserve memory) {
    this(
        listen,
        secret,
        compilerCommand,
        executorCommand,
        resolverCommand,
        run,
        logs,
        anna,
        annaSecret,
        warmExecutors,
        maxExecutors,
        idleLease,
        longLease,
        scratch,
        limits,
        memory,
        false,
        Isolation.off());
  }

  /** Where a child listens. */
  Endpoint childEndpoint(String name) {
    Path folder = run;
    return folder == null
        ? Endpoint.tcp("127.0.0.1", 0)
        : Endpoint.unix(folder.resolve(name + ".sock"));
  }
}
