package hydrocell.storage;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupsTest {
  private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - 1);
  private final AtomicReference<@Nullable Set<String>> answer = new AtomicReference<>();

  private Set<String> answer(String person) throws IOException {
    Set<String> told = answer.get();
    if (told == null) {
      throw new IOException("the directory of " + person + " is down");
    }
    return told;
  }

  @Test
  void theLastAnswerHoldsForSomeMinutes() throws Exception {
    try (Groups groups = new Groups(this::answer, nowNs::get)) {
      groups.learn("alice").get(60, SECONDS);
      assertEquals(Set.of(), groups.of("alice"));
      answer.set(Set.of("domain users"));
      groups.look("alice");
      assertEquals(Set.of("domain users"), groups.of("alice"));
      answer.set(null);
      nowNs.addAndGet(Groups.HOLDS_NS);
      groups.look("alice");
      assertEquals(Set.of("domain users"), groups.of("alice"));
      nowNs.incrementAndGet();
      groups.look("alice");
      assertEquals(Set.of(), groups.of("alice"));
      answer.set(Set.of("staff"));
      groups.look("alice");
      answer.set(Set.of());
      groups.look("alice");
      assertEquals(Set.of(), groups.of("alice"), "who left loses it at once");
    }
  }

  @Test
  void theSystemTellsGroupsByTheirNames() throws Exception {
    Process id = new ProcessBuilder("id", "-un").start();
    String own = new String(id.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    Process groups = new ProcessBuilder("id", "-Gnz", own).start();
    String told = new String(groups.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(new TreeSet<>(List.of(told.split("\0"))), SystemGroups.of(own));
    assertThrows(IOException.class, () -> SystemGroups.of("nobody of this name"));
  }
}
