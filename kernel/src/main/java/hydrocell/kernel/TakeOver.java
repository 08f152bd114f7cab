package hydrocell.kernel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.Effects;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import hydrocell.cell.message.Submission;
import hydrocell.kernel.protocol.JsonTrees;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the asynchronous cells of kernels that are gone. A cell that runs goes on, and its end
 * is heard here; one that has not begun waits and runs here; one whose executor is gone, too, runs
 * again if it has no effects outside the state, and has failed otherwise. Two kernels may look at
 * once: the fence of a cell lets one of them have it. Thread-safe; takes the lock of {@link Jobs}
 * when it has found something.
 */
final class TakeOver {
  private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);
  private static final String BEGUN =
      "its kernel and its executor ended while it ran, and it may have effects outside the notebook";

  private final Backend backend;
  private final Session session;
  private final Publisher publisher;
  private final Jobs jobs;
  private final JobPlaces places;

  TakeOver(Backend backend, Session session, Publisher publisher, Jobs jobs, JobPlaces places) {
    this.backend = backend;
    this.session = session;
    this.publisher = publisher;
    this.jobs = jobs;
    this.places = places;
  }

  /**
   * Looks once for cells that nobody has.
   *
   * @return whether kernels that are there have some, which may go away
   */
  synchronized boolean look() throws IOException {
    List<Submission> left = jobs.store().submissions();
    left.removeIf(each -> jobs.knows(each.execute().stamp()));
    if (left.isEmpty() && session.look(this::strange).isEmpty()) {
      return false;
    }
    HostReply.HostStatus host = backend.host(HostReply.HostStatus.class, HostRequest.Status::new);
    Set<String> here = new LinkedHashSet<>(host.writers());
    here.add(session.writer());
    boolean others = left.removeIf(each -> here.contains(each.execute().stamp().writer()));
    take(left, left.isEmpty() ? Map.of() : running(host));
    failWithoutSubmission(left, here);
    jobs.begin();
    return others;
  }

  /** Names that wait for a cell which is not one of this kernel's. */
  private List<Entry> strange(Manifest manifest) {
    return manifest.entries().stream()
        .filter(entry -> entry.state() == Entry.State.PENDING)
        .filter(entry -> !jobs.knows(entry.stamp()))
        .toList();
  }

  /** The executors of this session in which a cell goes on, by its number there. */
  private Map<Long, JobPlaces.Place> running(HostReply.HostStatus host) {
    Map<Long, JobPlaces.Place> found = new HashMap<>();
    String prefix = session.keys().sessionId() + JobPlaces.PREFIX;
    for (HostReply.ProcessStatus process : host.processes()) {
      if (process.sessionId().startsWith(prefix)) {
        int number = Integer.parseInt(process.sessionId().substring(prefix.length()));
        try {
          JobPlaces.Place place = places.attach(number);
          if (place.left() != 0) {
            found.put(place.left(), place);
          }
        } catch (IOException e) {
          LOG.info("executor {} cannot be taken over: {}", process.name(), e.getMessage());
        }
      }
    }
    return found;
  }

  private void take(List<Submission> left, Map<Long, JobPlaces.Place> running) throws IOException {
    JobStore.Standing before = jobs.store().standing();
    List<Job> mine = new ArrayList<>();
    Set<Job> begun = new LinkedHashSet<>();
    for (Submission each : left) {
      Job job = job(each);
      JobPlaces.Place place = running.get(each.execute().requestId());
      long fence = before.fence(job);
      if (place != null) {
        job.attempt((int) Math.max(1, fence));
        job.learn(before.manifest());
        jobs.adopt(job, place);
      } else if (jobs.store().claim(job, fence)) {
        mine.add(job);
        if (fence > 0) {
          begun.add(job);
        }
      }
    }
    if (mine.isEmpty()) {
      return;
    }
    // What an executor committed before its cell was claimed is there now.
    JobStore.Standing after = jobs.store().standing();
    for (Job job : mine) {
      if (after.waits(job)) {
        job.learn(after.manifest());
        jobs.adopt(job, null);
      } else {
        jobs.store().forget(job);
        begun.remove(job);
      }
    }
    // Those that wait for them are here by now, and learn of it.
    for (Job job : begun) {
      if (!job.submission().repeatable()) {
        jobs.end(job, Job.State.FAILED, BEGUN);
      }
    }
  }

  /** Names that wait for a cell whose submission was not stored before its kernel died. */
  private void failWithoutSubmission(List<Submission> left, Set<String> here) throws IOException {
    Map<Stamp, List<Entry>> lost = new HashMap<>();
    // Read after the submissions: a cell that has ended since has settled its names.
    for (Entry entry : strange(jobs.store().standing().manifest())) {
      Stamp stamp = entry.stamp();
      boolean found = left.stream().anyMatch(each -> each.execute().stamp().sameWork(stamp));
      if (!found && !here.contains(stamp.writer())) {
        lost.computeIfAbsent(stamp, s -> new ArrayList<>()).add(entry);
      }
    }
    for (Map.Entry<Stamp, List<Entry>> each : lost.entrySet()) {
      jobs.store().failLost(each.getKey(), each.getValue());
    }
  }

  private Job job(Submission submission) {
    CellRequest cell =
        new CellRequest(
            request(submission.parent()),
            submission.execute().source(),
            submission.execute().cellNumber(),
            true,
            false,
            true,
            null,
            CellRequest.Beside.ALWAYS);
    Set<Name> reads = new LinkedHashSet<>();
    submission.execute().entries().forEach(entry -> reads.add(entry.name()));
    JobLine line = new JobLine(publisher, cell.message(), false);
    return new Job(session.keys(), cell, submission, reads, Effects.UNKNOWN, line, true);
  }

  /** The request that the cell was; whoever sent it is not there any more. */
  private static JupyterMessage request(String header) {
    ObjectNode none = MessageCodec.object();
    ObjectNode read = none;
    try {
      if (JsonTrees.read(header.getBytes(StandardCharsets.UTF_8)) instanceof ObjectNode object) {
        read = object;
      }
    } catch (IOException e) {
      LOG.info("a submission's header is no JSON: {}", e.getMessage());
    }
    return new JupyterMessage(List.of(), read, none, none, none);
  }
}
