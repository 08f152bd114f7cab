package hydrocell.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

class RememberedRequestsTest {
  private final RememberedRequests requests = new RememberedRequests();

  private JupyterMessage add(long run) {
    ObjectNode header = MessageCodec.object().put("msg_id", "request " + run).put("date", "today");
    ObjectNode none = MessageCodec.object();
    ObjectNode content = MessageCodec.object().put("code", "x".repeat(100));
    JupyterMessage request =
        new JupyterMessage(List.of(new byte[] {1}), header, none, none, content);
    requests.add(run, request);
    return request;
  }

  @Test
  void earlyRequestsKeepTheirHeadersAndTheLastOnesEverything() {
    JupyterMessage first = add(0);
    for (int run = 1; run < RememberedRequests.MAX_WHOLE; run++) {
      add(run);
    }
    assertSame(first, requests.of(0));
    JupyterMessage last = add(RememberedRequests.MAX_WHOLE);
    assertSame(last, requests.of(RememberedRequests.MAX_WHOLE));
    JupyterMessage early = requests.of(0);
    assertNotNull(early);
    assertEquals(first.header(), early.header());
    assertEquals(List.of(), early.identities());
  }

  @Test
  void whatIsTooLongAgoIsForgotten() {
    for (int run = 0; run < RememberedRequests.MAX_WHOLE + RememberedRequests.MAX_HEADERS; run++) {
      add(run);
    }
    assertNotNull(requests.of(0));
    add(-1);
    assertNull(requests.of(0));
    assertNotNull(requests.of(1));
  }
}
