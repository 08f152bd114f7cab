package hydrocell.storage;

import hydrocell.anna.AnnaClient.KeyPage;
import hydrocell.anna.AnnaException.Reason;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.wire.Access;
import hydrocell.anna.wire.AnnaReply;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.Handshake;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.anna.wire.RegisterMerge;
import hydrocell.storage.net.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: checks the hello, reads requests, gathers those that arrived together into one
 * batch per shard, and writes the answers. Runs on the connection's event loop. Who sends much, or
 * does not take the answers, is read from no more until there is room.
 */
final class RequestHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  static final long MAX_IN_FLIGHT_BYTES = 64 << 20;
  private static final int MAX_SCAN = 10_000;

  /** From here on the bytes of a register are not copied. */
  private static final int LARGE_BYTES = 16 << 10;

  /** Each answer may be a chunk of a megabyte. */
  private static final int MAX_IN_FLIGHT_REQUESTS = 256;

  private final KeySpace space;
  private final ShardLoop[] shards;
  private final int maxFrameBytes;
  private final InstantSource clock;
  private final ShardLoop.@Nullable Batch[] gathering;

  /** Frames that came with others and wait until there is room for their answers. */
  private final Deque<ByteBuf> held = new ArrayDeque<>();

  /** What the client may do; null until it is welcome. */
  private @Nullable Access access;

  private boolean refusedSome;
  private final ConnectionDeadline deadline = new ConnectionDeadline();
  private long inFlightBytes;
  private int inFlightRequests;

  /**
   * A connection's handler.
   *
   * @param space what the client's keys mean
   * @param maxFrameBytes what a client may send once it is welcome
   * @param clock tells whether a client's token has expired
   */
  RequestHandler(KeySpace space, ShardLoop[] shards, int maxFrameBytes, InstantSource clock) {
    this.space = space;
    this.shards = shards;
    this.maxFrameBytes = maxFrameBytes;
    this.clock = clock;
    this.gathering = new ShardLoop.Batch[shards.length];
  }

  /** Chunks go with their own key, so that one value is spread over the shards. */
  static int shardOf(String key, int shards) {
    return Math.floorMod(key.hashCode() * 0x9E3779B9, shards);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    deadline.in(context, Handshake.HELLO_LIMIT_MS);
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf frame = (ByteBuf) message;
    if (!held.isEmpty() || isFull(context)) {
      held.add(frame);
    } else {
      handle(context, frame);
    }
  }

  /** Whether a client must take answers before it is given more. */
  private boolean isFull(ChannelHandlerContext context) {
    return inFlightRequests >= MAX_IN_FLIGHT_REQUESTS
        || inFlightBytes > MAX_IN_FLIGHT_BYTES
        || !context.channel().isWritable();
  }

  private void handle(ChannelHandlerContext context, ByteBuf frame) {
    try {
      Access known = access;
      if (known == null) {
        welcome(context, frame);
        return;
      }
      int bytes = frame.readableBytes();
      if (bytes >= LARGE_BYTES && gatherRegister(context, frame, known)) {
        return;
      }
      ByteReader in = new ByteReader(frame.nioBuffer());
      long id = in.varint();
      AnnaRequest asked = AnnaRequest.read(in);
      AnnaRequest request = asked.isAllowed(known) ? space.opened(asked) : null;
      if (request == null) {
        forbid(context, id);
      } else if (!(request instanceof AnnaRequest.Merge merge)
          || !refuseFull(context, id, merge.key(), isLarge(merge))) {
        route(context, id, request, bytes);
      }
    } catch (Handshake.RefusedException e) {
      LOG.warn("refused a client: {}", e.getMessage());
      context
          .writeAndFlush(Frames.of(Handshake.refusal(String.valueOf(e.getMessage()))))
          .addListener(ChannelFutureListener.CLOSE);
    } catch (MalformedFrameException e) {
      LOG.warn("closed a connection that sent a malformed request: {}", e.getMessage());
      context.close();
    } finally {
      frame.release();
    }
  }

  private void welcome(ChannelHandlerContext context, ByteBuf frame)
      throws Handshake.RefusedException {
    long nowMs = clock.millis();
    Access admitted = Handshake.check(frame.nioBuffer(), space, nowMs).access();
    access = admitted;
    if (admitted.expiresAtMs() == Long.MAX_VALUE) {
      deadline.cancel();
    } else {
      deadline.in(context, admitted.expiresAtMs() - nowMs);
    }
    context.writeAndFlush(Frames.of(Handshake.welcome()));
    context
        .pipeline()
        .replace(LengthFieldBasedFrameDecoder.class, "frames", Frames.decoder(maxFrameBytes));
  }

  /** Says so once a connection: who tries much is not to fill the log. */
  private void forbid(ChannelHandlerContext context, long id) {
    if (!refusedSome) {
      refusedSome = true;
      LOG.warn("a client asked for what its token does not allow");
    }
    reply(
        context,
        id,
        new AnnaReply.Failed(Reason.FORBIDDEN, "this client may not do that with this key"));
  }

  /** Passes a large register on where it lies; whether the frame is one. */
  private boolean gatherRegister(ChannelHandlerContext context, ByteBuf frame, Access known)
      throws MalformedFrameException {
    ByteReader in = new ByteReader(frame.nioBuffer());
    RegisterMerge head = RegisterMerge.read(in);
    if (head == null) {
      return false;
    }
    if (in.remaining() != head.valueBytes()) {
      throw new MalformedFrameException(
          "a register of %d bytes in %d".formatted(head.valueBytes(), in.remaining()));
    }
    Key key = known.allowsMerge(head, in.rest()) ? space.mergedUnder(head, in.rest()) : null;
    if (key == null) {
      forbid(context, head.id());
      return true;
    }
    if (refuseFull(context, head.id(), key, true)) {
      return true;
    }
    int bytes = frame.readableBytes();
    ByteBuf lattice =
        frame.retainedSlice(frame.readerIndex() + head.latticeAt(), bytes - head.latticeAt());
    gather(context, head.id(), key, new ShardRequest.Register(head.under(key), lattice), bytes);
    return true;
  }

  /**
   * Small values go with what says which names there are: a person can still put things in order.
   */
  private static boolean isLarge(AnnaRequest.Merge merge) {
    return merge.delta() instanceof LwwRegister register
        && register.value().length > KeyTable.IN_MEMORY_BYTES;
  }

  /** Refuses a write for which there is no room; whether it did. */
  private boolean refuseFull(ChannelHandlerContext context, long id, Key key, boolean value) {
    String why = space.full(key, value);
    if (why != null) {
      reply(context, id, new AnnaReply.Failed(Reason.LIMIT, why));
    }
    return why != null;
  }

  private void route(ChannelHandlerContext context, long id, AnnaRequest request, int bytes) {
    ShardRequest plain = new ShardRequest.Plain(request);
    switch (request) {
      case AnnaRequest.Get(Key key) -> gather(context, id, key, plain, bytes);
      case AnnaRequest.Version(Key key) -> gather(context, id, key, plain, bytes);
      case AnnaRequest.GetFields(Key key, var fields) -> gather(context, id, key, plain, bytes);
      case AnnaRequest.Merge merge -> gather(context, id, merge.key(), plain, bytes);
      case AnnaRequest.Delete delete -> everywhere(context, id, delete);
      case AnnaRequest.Scan scan when scan.limit() < 1 || scan.limit() > MAX_SCAN ->
          reply(
              context,
              id,
              new AnnaReply.Failed(Reason.LIMIT, "a page has 1.." + MAX_SCAN + " keys"));
      case AnnaRequest.Scan scan -> everywhere(context, id, scan);
      case AnnaRequest.Stats stats -> everywhere(context, id, stats);
      case AnnaRequest.Compact compact -> everywhere(context, id, compact);
    }
  }

  private void gather(
      ChannelHandlerContext context, long id, Key key, ShardRequest request, int bytes) {
    int shard = shardOf(key.text(), shards.length);
    ShardLoop.Batch batch = gathering[shard];
    if (batch == null) {
      batch = new ShardLoop.Batch(done -> encode(context, done));
      gathering[shard] = batch;
    }
    batch.add(id, request);
    batch.bytes += bytes;
    inFlightBytes += bytes;
    inFlightRequests++;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    submit();
    if (isFull(context)) {
      context.channel().config().setAutoRead(false);
    }
    context.fireChannelReadComplete();
  }

  private void submit() {
    for (int i = 0; i < shards.length; i++) {
      ShardLoop.Batch batch = gathering[i];
      if (batch != null) {
        gathering[i] = null;
        shards[i].submit(batch);
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    goOn(context);
    context.fireChannelWritabilityChanged();
  }

  /** Takes what was held, and reads again once all of it is under way. */
  private void goOn(ChannelHandlerContext context) {
    while (!held.isEmpty() && !isFull(context)) {
      handle(context, held.poll());
    }
    submit();
    if (held.isEmpty() && !isFull(context) && !context.channel().config().isAutoRead()) {
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deadline.cancel();
    held.forEach(ByteBuf::release);
    held.clear();
    context.fireChannelInactive();
  }

  /**
   * On the shard's thread: the bytes of the answers are made here and sent by the connection's
   * loop.
   */
  private void encode(ChannelHandlerContext context, ShardLoop.Batch done) {
    ReplyBuffer out = new ReplyBuffer(done.ids.size());
    for (int i = 0; i < done.ids.size(); i++) {
      out.add(done.ids.get(i), done.replies.get(i));
    }
    List<ByteBuf> parts = out.take();
    try {
      context.executor().execute(() -> send(context, parts, done));
    } catch (RejectedExecutionException e) {
      parts.forEach(ByteBuf::release); // The node is closing, and so is this connection.
    }
  }

  private void send(ChannelHandlerContext context, List<ByteBuf> parts, ShardLoop.Batch done) {
    parts.forEach(context::write);
    context.flush();
    inFlightBytes -= done.bytes;
    inFlightRequests -= done.ids.size();
    goOn(context);
  }

  private static void reply(ChannelHandlerContext context, long id, AnnaReply reply) {
    ByteWriter body = new ByteWriter();
    AnnaReply.write(body, id, reply);
    context.writeAndFlush(Frames.of(body));
  }

  /** Asks every shard and joins the answers. */
  private void everywhere(ChannelHandlerContext context, long id, AnnaRequest request) {
    submit();
    inFlightRequests++;
    List<CompletableFuture<AnnaReply>> answers = new ArrayList<>();
    for (ShardLoop shard : shards) {
      CompletableFuture<AnnaReply> answer = new CompletableFuture<>();
      ShardLoop.Batch batch =
          new ShardLoop.Batch(done -> answer.complete(plain(done.replies.getFirst())));
      batch.add(id, new ShardRequest.Plain(request));
      answers.add(answer);
      shard.submit(batch);
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenRunAsync(
            () -> {
              inFlightRequests--;
              reply(
                  context,
                  id,
                  space.told(
                      request,
                      join(request, answers.stream().map(CompletableFuture::join).toList())));
              goOn(context);
            },
            context.executor());
  }

  private static AnnaReply plain(ShardReply reply) {
    return switch (reply) {
      case ShardReply.Plain(AnnaReply plain) -> plain;
      case ShardReply.Found found -> throw new IllegalStateException("no read goes to all shards");
    };
  }

  private static AnnaReply join(AnnaRequest request, List<AnnaReply> answers) {
    for (AnnaReply answer : answers) {
      if (answer instanceof AnnaReply.Failed) {
        return answer;
      }
    }
    return switch (request) {
      case AnnaRequest.Scan scan -> joinPages(scan.limit(), answers);
      case AnnaRequest.Stats stats -> joinFigures(answers);
      case AnnaRequest.Compact compact -> joinFigures(answers);
      default -> answers.getFirst();
    };
  }

  private static AnnaReply joinPages(int limit, List<AnnaReply> answers) {
    TreeMap<String, Key> keys = new TreeMap<>();
    boolean more = false;
    for (AnnaReply answer : answers) {
      KeyPage page = ((AnnaReply.Keys) answer).page();
      page.keys().forEach(key -> keys.put(key.text(), key));
      more |= page.next() != null;
    }
    List<Key> first = keys.values().stream().limit(limit).toList();
    more |= keys.size() > first.size();
    return new AnnaReply.Keys(new KeyPage(first, more ? first.getLast().text() : null));
  }

  private static AnnaReply joinFigures(List<AnnaReply> answers) {
    Map<String, Long> sums = new TreeMap<>();
    for (AnnaReply answer : answers) {
      ((AnnaReply.Figures) answer)
          .values()
          .forEach((figure, value) -> sums.merge(figure, value, Long::sum));
    }
    sums.put("shards", (long) answers.size());
    return new AnnaReply.Figures(sums);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.warn("closed a connection: {}", cause.toString());
    context.close();
  }
}
