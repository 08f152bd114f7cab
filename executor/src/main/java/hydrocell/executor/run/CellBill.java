package hydrocell.executor.run;

import hydrocell.cell.Meter;
import hydrocell.cell.Usage;
import hydrocell.executor.state.Traffic;

/**
 * Tells the host what each cell used, after its reply. Processor time that threads of earlier cells
 * took since then belongs to the next cell. For the work thread.
 */
final class CellBill {
  private final HostLine host;
  private long beganNs;
  private long cpuNs;
  private boolean counting;
  private Traffic traffic = new Traffic();

  CellBill(HostLine host) {
    this.host = host;
  }

  /** A cell begins. */
  void begin(CellRun run) {
    beganNs = System.nanoTime();
    if (!counting) {
      // What the process took to become warm is nobody's.
      cpuNs = CpuClock.ofThisProcessNs();
      counting = true;
    }
    traffic = new Traffic(new ValuesUnderway(run.requestId(), run::show, System::nanoTime));
    host.busy(run.epoch(), run.request().cellNumber(), cpuNs);
  }

  /** What it fetches and writes is counted here. */
  Traffic traffic() {
    return traffic;
  }

  /** It has ended, and what it left to be saved is saved, too. */
  void end(CellRun run, Meter late) {
    long nowNs = CpuClock.ofThisProcessNs();
    Meter io = traffic.meter().plus(late);
    host.ran(
        run.epoch(),
        run.request().cellNumber(),
        new Usage(
            1, System.nanoTime() - beganNs, nowNs - cpuNs, io.bytesRead(), io.bytesWritten()));
    cpuNs = nowNs;
  }
}
