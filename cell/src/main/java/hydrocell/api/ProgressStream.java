package hydrocell.api;

import java.util.Comparator;
import java.util.Spliterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Counts the elements of a stream as they pass, on whatever threads they do. */
final class ProgressStream<T> implements Spliterator<T> {
  private final Spliterator<T> source;
  private final Progress<T> progress;

  /** The parts of the stream that have not come to their end. */
  private final AtomicInteger parts;

  private boolean ended;

  private ProgressStream(Spliterator<T> source, Progress<T> progress, AtomicInteger parts) {
    this.source = source;
    this.progress = progress;
    this.parts = parts;
  }

  static <T> Stream<T> of(Stream<T> stream, String label) {
    boolean parallel = stream.isParallel();
    Spliterator<T> source = stream.spliterator();
    Progress<T> progress =
        new Progress<>(label, source.getExactSizeIfKnown(), java.util.Collections::emptyIterator);
    return StreamSupport.stream(
            new ProgressStream<>(source, progress, new AtomicInteger(1)), parallel)
        .onClose(() -> {
          progress.close();
          stream.close();
        });
  }

  private void end() {
    if (!ended) {
      ended = true;
      if (parts.decrementAndGet() == 0) {
        progress.close();
      }
    }
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    boolean more = source.tryAdvance(action);
    if (more) {
      progress.step();
    } else {
      end();
    }
    return more;
  }

  @Override
  public void forEachRemaining(Consumer<? super T> action) {
    source.forEachRemaining(element -> {
      action.accept(element);
      progress.step();
    });
    end();
  }

  @Override
  public @Nullable Spliterator<T> trySplit() {
    Spliterator<T> part = source.trySplit();
    if (part == null) {
      return null;
    }
    parts.incrementAndGet();
    return new ProgressStream<>(part, progress, parts);
  }

  @Override
  public long estimateSize() {
    return source.estimateSize();
  }

  @Override
  public int characteristics() {
    return source.characteristics();
  }

  @Override
  public Comparator<? super T> getComparator() {
    return source.getComparator();
  }
}
