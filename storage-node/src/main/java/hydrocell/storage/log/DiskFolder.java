package hydrocell.storage.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Segments as files of a folder, readable by their owner alone. */
public final class DiskFolder implements LogFolder {
  private static final String NAME = "[0-9a-f]{16}\\.log";

  private final Path folder;

  /**
   * A folder; made if it is missing.
   *
   * @throws IOException when it cannot be made
   */
  public DiskFolder(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  private Path path(long number) {
    return folder.resolve("%016x.log".formatted(number));
  }

  @Override
  public List<Long> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(NAME))
          .map(name -> Long.parseLong(name.substring(0, 16), 16))
          .sorted()
          .toList();
    }
  }

  @Override
  public SegmentFile open(long number) throws IOException {
    Path path = path(number);
    return new DiskFile(
        path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public SegmentFile create(long number) throws IOException {
    Path path = path(number);
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileChannel channel =
        Files.getFileStore(folder).supportsFileAttributeView("posix")
            ? FileChannel.open(
                path,
                options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
            : FileChannel.open(path, options);
    channel.truncate(0);
    return new DiskFile(path, channel);
  }

  @Override
  public void delete(long number) throws IOException {
    Files.deleteIfExists(path(number));
  }

  @Override
  public void force() throws IOException {
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
        entries.force(true);
      }
    }
  }

  @Override
  public String toString() {
    return folder.toString();
  }

  /** A file. */
  private record DiskFile(Path path, FileChannel channel) implements SegmentFile {
    @Override
    public long sizeBytes() throws IOException {
      return channel.size();
    }

    @Override
    public int read(ByteBuffer target, long offset) throws IOException {
      return channel.read(target, offset);
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      long at = offset;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }

    @Override
    public void truncate(long bytes) throws IOException {
      channel.truncate(bytes);
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public MemorySegment map(Arena arena) throws IOException {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }
}
