package hydrocell.executor.compiler;

import hydrocell.cell.CellFunction;
import hydrocell.cell.Effects;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the effects of class files by an allow-list of what is known ({@link KnownMethods}) and by
 * where the objects come from that they change ({@link MethodFlow}). What they call of other
 * classes of the session counts where it is defined. For one set of classes.
 */
final class EffectScan implements MethodFlow.Sight {
  private static final String GENERATED = "cell/";
  private static final String PRINTS = "java/io/PrintStream";
  private static final Set<String> LINKERS =
      Set.of(
          "java.lang.invoke.StringConcatFactory",
          "java.lang.runtime.ObjectMethods",
          "java.lang.runtime.SwitchBootstraps");
  private static final Set<String> MONITOR = Set.of("wait", "notify", "notifyAll");

  private final Set<String> changes = new LinkedHashSet<>();
  private final Map<String, Set<String>> changesByHolder = new HashMap<>();

  /** Holders that are given objects which the cell did not make. */
  private final Set<String> aliases = new HashSet<>();

  private String outside = "";
  private boolean brief = true;
  private boolean assignsObjects;
  private final Predicate<String> immutable;

  private EffectScan(Predicate<String> immutable) {
    this.immutable = immutable;
  }

  /**
   * The effects of classes.
   *
   * @param ownHolders internal names of the holders of variables that these classes declare and
   *     that no other code assigns
   * @param immutable whether nothing can change in values of a type, by its descriptor
   */
  static Effects of(
      Collection<byte[]> classes, Set<String> ownHolders, Predicate<String> immutable) {
    EffectScan scan = new EffectScan(immutable);
    for (byte[] bytes : classes) {
      scan.see(ClassRewriter.parse(bytes));
    }
    scan.changesByHolder.forEach((holder, kinds) -> {
      if (!ownHolders.contains(holder) || scan.aliases.contains(holder)) {
        scan.changes.addAll(kinds);
      }
    });
    return new Effects(scan.outside, Set.copyOf(scan.changes), scan.brief, scan.assignsObjects);
  }

  private void see(ClassModel model) {
    model.superclass().ifPresent(this::extended);
    model.interfaces().forEach(this::implemented);
    for (MethodModel method : model.methods()) {
      try {
        MethodFlow.follow(method, this);
      } catch (IllegalStateException | java.util.NoSuchElementException e) {
        unknown("code that cannot be followed");
      }
    }
  }

  /** What a class inherits runs as if it stood there. */
  private void extended(ClassEntry type) {
    String name = type.asInternalName();
    boolean known =
        name.startsWith(GENERATED)
            || Set.of("java/lang/Object", "java/lang/Record", "java/lang/Enum").contains(name)
            || KnownMethods.isThrowable(name);
    if (!known) {
      unknown(spelled(name));
    }
  }

  private void implemented(ClassEntry type) {
    String name = type.asInternalName();
    if (!name.startsWith(GENERATED) && !name.startsWith("java/")) {
      unknown(spelled(name));
    }
  }

  private void unknown(String what) {
    reach(what);
    changes.add(Effects.ANYTHING);
  }

  private void reach(String what) {
    outside = outside.isEmpty() ? what : outside;
    brief = false;
  }

  private static String spelled(String internalName) {
    return internalName.replace('/', '.').replace('$', '.');
  }

  @Override
  public MethodFlow.Origin reads(FieldInstruction field) {
    String owner = field.owner().asInternalName();
    if (owner.startsWith(GENERATED)) {
      return new MethodFlow.HeldBy(owner);
    }
    boolean out = owner.equals("java/lang/System") && !field.name().equalsString("in");
    if (out) {
      return new MethodFlow.HeldBy(PRINTS);
    }
    if (owner.equals("java/lang/System")) {
      reach("System.in");
    } else if (!owner.startsWith("java/")) {
      unknown(spelled(owner));
    }
    return MethodFlow.ANYBODYS;
  }

  @Override
  public void writes(FieldInstruction field, MethodFlow.Origin value) {
    String owner = field.owner().asInternalName();
    assignsObjects |= !immutable.test(field.type().stringValue());
    if (!owner.startsWith(GENERATED)) {
      unknown(spelled(owner));
    } else if (!value.equals(MethodFlow.MADE)) {
      aliases.add(owner);
    }
  }

  @Override
  public void changes(MethodFlow.Origin object, String kind) {
    if (object instanceof MethodFlow.HeldBy holder) {
      changesByHolder.computeIfAbsent(holder.variable(), h -> new LinkedHashSet<>()).add(kind);
    } else if (object.equals(MethodFlow.ANYBODYS)) {
      changes.add(kind);
    }
  }

  @Override
  public MethodFlow.Origin calls(
      InvokeInstruction call, List<MethodFlow.Origin> arguments, MethodFlow.Origin receiver) {
    String owner = call.owner().asInternalName();
    String method = call.name().stringValue();
    if (owner.startsWith("[")) {
      return MethodFlow.MADE;
    }
    if (owner.startsWith(GENERATED)) {
      brief &= method.equals(CellFunction.BODY);
      if (MONITOR.contains(method)) {
        unknown(method);
      }
      return MethodFlow.ANYBODYS;
    }
    if (owner.equals(PRINTS) && receiver.equals(new MethodFlow.HeldBy(PRINTS))) {
      return receiver;
    }
    known(owner, method, arguments, receiver);
    if (KnownMethods.returnsReceiver(owner, method, call.type().stringValue())) {
      return receiver;
    }
    return KnownMethods.makes(method) ? MethodFlow.MADE : MethodFlow.ANYBODYS;
  }

  private void known(
      String owner, String method, List<MethodFlow.Origin> arguments, MethodFlow.Origin receiver) {
    brief &= KnownMethods.isBrief(owner, method);
    switch (KnownMethods.of(owner, method)) {
      case PURE -> {}
      case CHANGES_RECEIVER -> changes(receiver, Effects.JDK);
      case CHANGES_FIRST -> changeArgument(arguments, 0);
      case CHANGES_THIRD -> changeArgument(arguments, 2);
      case OUTSIDE -> reach(spelled(owner) + (method.equals("<init>") ? "" : "." + method));
      case UNKNOWN -> unknown(spelled(owner) + (method.equals("<init>") ? "" : "." + method));
    }
  }

  /** Which kind of array or collection it is, its static type does not say. */
  private void changeArgument(List<MethodFlow.Origin> arguments, int index) {
    if (index < arguments.size() && !arguments.get(index).equals(MethodFlow.MADE)) {
      for (String kind :
          List.of(Effects.JDK, "[L", "[B", "[C", "[S", "[I", "[J", "[F", "[D", "[Z")) {
        changes(arguments.get(index), kind);
      }
    }
  }

  @Override
  public void links(InvokeDynamicInstruction call) {
    String linker = call.bootstrapMethod().owner().displayName();
    String full = call.bootstrapMethod().owner().packageName() + "." + linker;
    if (LINKERS.contains(full)) {
      return;
    }
    if (!full.equals("java.lang.invoke.LambdaMetafactory")) {
      unknown(full);
      return;
    }
    for (ConstantDesc argument : call.bootstrapArgs()) {
      if (argument instanceof DirectMethodHandleDesc target) {
        refers(target);
      }
    }
  }

  /** A method reference: it may be called on anything. */
  private void refers(DirectMethodHandleDesc target) {
    String descriptor = target.owner().descriptorString();
    if (!descriptor.startsWith("L")) {
      return;
    }
    String owner = descriptor.substring(1, descriptor.length() - 1);
    if (owner.equals(PRINTS)) {
      // System.out::println, and what is printed belongs to the cell; another stream was opened.
      return;
    }
    if (!owner.startsWith(GENERATED)) {
      boolean made = target.kind() == DirectMethodHandleDesc.Kind.CONSTRUCTOR;
      known(
          owner,
          target.methodName(),
          List.of(MethodFlow.ANYBODYS, MethodFlow.ANYBODYS, MethodFlow.ANYBODYS),
          made ? MethodFlow.MADE : MethodFlow.ANYBODYS);
    }
  }

  @Override
  public void repeats() {
    brief = false;
  }
}
