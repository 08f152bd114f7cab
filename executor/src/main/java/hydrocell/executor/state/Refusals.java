package hydrocell.executor.state;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kinds of objects that mean something only in the process that made them. */
final class Refusals {
  private static final Map<Class<?>, String> KINDS =
      Map.ofEntries(
          Map.entry(Thread.class, "a thread"),
          Map.entry(ThreadGroup.class, "a group of threads"),
          Map.entry(ThreadLocal.class, "bound to the threads of this process"),
          Map.entry(java.util.concurrent.Executor.class, "an executor with threads"),
          Map.entry(java.util.concurrent.ThreadFactory.class, "a factory of threads"),
          Map.entry(java.util.Timer.class, "a timer with a thread"),
          Map.entry(ClassLoader.class, "a class loader"),
          Map.entry(Module.class, "a module of this process"),
          Map.entry(Process.class, "a process of the system"),
          Map.entry(ProcessHandle.class, "a process of the system"),
          Map.entry(java.io.InputStream.class, "an open stream"),
          Map.entry(java.io.Reader.class, "an open reader"),
          Map.entry(java.io.RandomAccessFile.class, "an open file"),
          Map.entry(java.io.FileDescriptor.class, "an open file"),
          Map.entry(java.nio.channels.Channel.class, "an open channel"),
          Map.entry(java.nio.channels.Selector.class, "bound to open channels"),
          Map.entry(java.nio.file.FileSystem.class, "an open file system"),
          Map.entry(java.nio.file.WatchService.class, "a watch on files"),
          Map.entry(java.net.Socket.class, "an open connection"),
          Map.entry(java.net.ServerSocket.class, "an open server socket"),
          Map.entry(java.net.DatagramSocket.class, "an open socket"),
          Map.entry(java.net.URLConnection.class, "an open connection"),
          Map.entry(java.util.stream.BaseStream.class, "a stream, which can be used only once"),
          Map.entry(java.util.Iterator.class, "an iterator in the middle of its work"),
          Map.entry(java.util.Enumeration.class, "an enumeration in the middle of its work"),
          Map.entry(java.util.Scanner.class, "bound to what it reads"),
          Map.entry(java.lang.ref.Reference.class, "a reference that the collector may clear"),
          Map.entry(java.lang.ref.Cleaner.class, "bound to the collector"),
          Map.entry(java.lang.foreign.Arena.class, "memory outside of Java"),
          Map.entry(java.lang.foreign.MemorySegment.class, "memory of this process"),
          Map.entry(java.lang.invoke.MethodHandle.class, "a handle on code of this process"),
          Map.entry(java.lang.invoke.MethodHandles.Lookup.class, "a right on code"),
          Map.entry(java.lang.invoke.VarHandle.class, "a handle on code of this process"),
          Map.entry(java.lang.reflect.AccessibleObject.class, "a handle on code"),
          Map.entry(StackWalker.class, "bound to a thread's stack"),
          Map.entry(java.util.concurrent.ThreadLocalRandom.class, "bound to its thread"));

  private static final List<String> NAMES =
      List.of(
          "java.sql.Connection",
          "java.sql.Statement",
          "java.sql.ResultSet",
          "javax.sql.DataSource",
          "java.net.http.HttpClient",
          "java.awt.Component",
          "java.awt.Graphics",
          "java.awt.Window",
          "com.sun.net.httpserver.HttpServer");

  private Refusals() {}

  /** Why objects of a class are refused; null when they are not. */
  static @Nullable String of(Class<?> type) {
    for (Map.Entry<Class<?>, String> kind : KINDS.entrySet()) {
      if (kind.getKey().isAssignableFrom(type) && !exempt(type, kind.getKey())) {
        return "is a " + type.getName() + ": " + kind.getValue();
      }
    }
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      if (NAMES.contains(c.getName()) || implementsNamed(c)) {
        return "is a " + type.getName() + ", which is bound to this process";
      }
    }
    if (Proxy.isProxyClass(type)) {
      return "is a proxy, whose handler lives in this process";
    }
    if (type.getName().startsWith("hydrocell.") && !type.getName().startsWith("hydrocell.api.")) {
      return "is a part of Hydrocell itself";
    }
    return outputStream(type);
  }

  private static @Nullable String outputStream(Class<?> type) {
    boolean inMemory =
        type == java.io.ByteArrayOutputStream.class
            || type == java.io.StringWriter.class
            || type == java.io.CharArrayWriter.class;
    return !inMemory
            && (java.io.OutputStream.class.isAssignableFrom(type)
                || java.io.Writer.class.isAssignableFrom(type))
        ? "is a " + type.getName() + ": an open stream"
        : null;
  }

  /** Classes of the user's own keep what they can: only the JDK's iterators are refused. */
  private static boolean exempt(Class<?> type, Class<?> kind) {
    boolean pure =
        kind == java.util.Iterator.class
            || kind == java.util.Enumeration.class
            || kind == java.util.concurrent.Executor.class
            || kind == java.util.concurrent.ThreadFactory.class;
    return pure && (!Forms.fromJdk(type) || type.isHidden());
  }

  private static boolean implementsNamed(Class<?> type) {
    for (Class<?> face : type.getInterfaces()) {
      if (NAMES.contains(face.getName()) || implementsNamed(face)) {
        return true;
      }
    }
    return false;
  }
}
