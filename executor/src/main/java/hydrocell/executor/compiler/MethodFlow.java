package hydrocell.executor.compiler;

import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows where the objects of one method come from: the method made them, a variable of the
 * session holds them, or they may be anybody's. Runs over the code until nothing new is found; each
 * pass tells {@link Sight} what the code does to which objects. For one method.
 */
final class MethodFlow {
  private static final int MAX_PASSES = 50;

  /** Where an object comes from. */
  sealed interface Origin {}

  /** The method made it, or it is no object. */
  record Made() implements Origin {}

  /** It may be anybody's. */
  record Anybodys() implements Origin {}

  /** A variable of the session held it. */
  record HeldBy(String variable) implements Origin {}

  static final Origin MADE = new Made();
  static final Origin ANYBODYS = new Anybodys();

  /** Who is told what the code does. */
  interface Sight {
    /** A static field is read; where the object comes from. */
    Origin reads(FieldInstruction field);

    /** A static field is written. */
    void writes(FieldInstruction field, Origin value);

    /** An object of this kind is changed, as {@code hydrocell.cell.Effects} spells kinds. */
    void changes(Origin object, String kind);

    /** A method is called; where its result comes from. */
    Origin calls(InvokeInstruction call, List<Origin> arguments, Origin receiver);

    /** A call site is linked that the compiler made. */
    void links(InvokeDynamicInstruction call);

    /** Code is run more than once. */
    void repeats();
  }

  /** What is known at one place: the stack by slots, and the locals. */
  private record State(ArrayList<Origin> stack, Map<Integer, Origin> locals) {
    State copy() {
      return new State(new ArrayList<>(stack), new HashMap<>(locals));
    }

    void push(Origin origin, int slots) {
      for (int i = 0; i < slots; i++) {
        stack.add(origin);
      }
    }

    Origin pop(int slots) {
      Origin origin = MADE;
      for (int i = 0; i < slots; i++) {
        origin = stack.removeLast();
      }
      return origin;
    }

    /** Takes what is known elsewhere of the same place in; whether something is known less. */
    boolean join(State other) {
      boolean changed = false;
      if (stack.size() != other.stack.size()) {
        throw new IllegalStateException("the stack has two depths at one place");
      }
      for (int i = 0; i < stack.size(); i++) {
        Origin joined = MethodFlow.join(stack.get(i), other.stack.get(i));
        changed |= !joined.equals(stack.set(i, joined));
      }
      for (Map.Entry<Integer, Origin> each : locals.entrySet()) {
        Origin joined =
            MethodFlow.join(each.getValue(), other.locals.getOrDefault(each.getKey(), ANYBODYS));
        changed |= !joined.equals(each.setValue(joined));
      }
      return changed;
    }
  }

  private final CodeModel code;
  private final Sight sight;
  private final Map<Label, State> known = new HashMap<>();
  private final Set<Label> passed = new HashSet<>();
  private boolean grew;
  private @Nullable State now;

  private MethodFlow(CodeModel code, Sight sight) {
    this.code = code;
    this.sight = sight;
  }

  /** Follows a method that has code. */
  static void follow(MethodModel method, Sight sight) {
    CodeModel code = method.code().orElse(null);
    if (code != null) {
      new MethodFlow(code, sight).run(method.methodName().equalsString("<init>"));
    }
  }

  private static Origin join(Origin a, Origin b) {
    return a.equals(b) ? a : ANYBODYS;
  }

  private void run(boolean constructor) {
    int passes = 0;
    do {
      if (++passes > MAX_PASSES) {
        throw new IllegalStateException("the code is too tangled");
      }
      grew = false;
      passed.clear();
      now = new State(new ArrayList<>(), new HashMap<>());
      if (constructor) {
        now.locals.put(0, MADE);
      }
      for (CodeElement element : code) {
        step(element);
      }
    } while (grew);
  }

  private void step(CodeElement element) {
    if (element instanceof ExceptionCatch handler) {
      // It may be reached from anywhere in its range, so nothing is known of the locals.
      flowTo(handler.handler(), new State(new ArrayList<>(List.of(ANYBODYS)), new HashMap<>()));
    } else if (element instanceof LabelTarget target) {
      arrive(target.label());
    } else if (now != null) {
      simple(element, now);
    }
  }

  private void arrive(Label label) {
    passed.add(label);
    if (now != null) {
      flowTo(label, now);
    }
    State here = known.get(label);
    now = here == null ? null : here.copy();
  }

  private void flowTo(Label label, State state) {
    State there = known.get(label);
    if (there == null) {
      known.put(label, state.copy());
      // A place before this one has not been looked at with this knowledge.
      grew |= passed.contains(label);
    } else if (there.join(state)) {
      grew = true;
    }
  }

  private void jump(Label label, State state) {
    if (passed.contains(label)) {
      sight.repeats();
    }
    flowTo(label, state);
  }

  private void simple(CodeElement element, State state) {
    switch (element) {
      case LoadInstruction load ->
          state.push(state.locals.getOrDefault(load.slot(), ANYBODYS), load.typeKind().slotSize());
      case StoreInstruction store ->
          state.locals.put(store.slot(), state.pop(store.typeKind().slotSize()));
      case ConstantInstruction constant ->
          state.push(
              constant.typeKind() == TypeKind.REFERENCE ? ANYBODYS : MADE,
              constant.typeKind().slotSize());
      case StackInstruction stack -> shuffle(stack.opcode(), state.stack);
      case OperatorInstruction operator -> operate(operator, state);
      case ConvertInstruction convert -> {
        state.pop(convert.fromType().slotSize());
        state.push(MADE, convert.toType().slotSize());
      }
      case NewObjectInstruction made -> state.push(MADE, 1);
      case NewPrimitiveArrayInstruction made -> {
        state.pop(1);
        state.push(MADE, 1);
      }
      case NewReferenceArrayInstruction made -> {
        state.pop(1);
        state.push(MADE, 1);
      }
      case NewMultiArrayInstruction made -> {
        state.pop(made.dimensions());
        state.push(MADE, 1);
      }
      case ArrayLoadInstruction load -> {
        state.pop(2);
        state.push(ANYBODYS, load.typeKind().slotSize());
      }
      case ArrayStoreInstruction store -> {
        state.pop(store.typeKind().slotSize());
        state.pop(1);
        sight.changes(state.pop(1), arrayOf(store.typeKind()));
      }
      case FieldInstruction field -> access(field, state);
      case InvokeInstruction call -> invoke(call, state);
      case InvokeDynamicInstruction call -> {
        for (ClassDesc parameter : call.typeSymbol().parameterArray()) {
          state.pop(TypeKind.from(parameter).slotSize());
        }
        sight.links(call);
        state.push(MADE, TypeKind.from(call.typeSymbol().returnType()).slotSize());
      }
      default -> branch(element, state);
    }
  }

  private void branch(CodeElement element, State state) {
    switch (element) {
      case TypeCheckInstruction check when check.opcode() == Opcode.INSTANCEOF -> {
        state.pop(1);
        state.push(MADE, 1);
      }
      case BranchInstruction branch -> {
        state.pop(operandsOf(branch.opcode()));
        jump(branch.target(), state);
        if (branch.opcode() == Opcode.GOTO || branch.opcode() == Opcode.GOTO_W) {
          now = null;
        }
      }
      case LookupSwitchInstruction choice -> choose(choice.cases(), choice.defaultTarget(), state);
      case TableSwitchInstruction choice -> choose(choice.cases(), choice.defaultTarget(), state);
      case ReturnInstruction end -> now = null;
      case ThrowInstruction end -> now = null;
      case MonitorInstruction monitor -> state.pop(1);
      default -> {}
    }
  }

  private static int operandsOf(Opcode opcode) {
    return switch (opcode) {
      case GOTO, GOTO_W -> 0;
      case IFEQ, IFNE, IFLT, IFGE, IFGT, IFLE, IFNULL, IFNONNULL -> 1;
      default -> 2;
    };
  }

  private void choose(List<SwitchCase> cases, Label otherwise, State state) {
    state.pop(1);
    cases.forEach(each -> jump(each.target(), state));
    jump(otherwise, state);
    now = null;
  }

  private void access(FieldInstruction field, State state) {
    int slots = TypeKind.from(field.typeSymbol()).slotSize();
    switch (field.opcode()) {
      case GETSTATIC -> state.push(sight.reads(field), slots);
      case PUTSTATIC -> sight.writes(field, state.pop(slots));
      case GETFIELD -> {
        state.pop(1);
        state.push(ANYBODYS, slots);
      }
      default -> {
        state.pop(slots);
        sight.changes(state.pop(1), field.owner().asInternalName().replace('/', '.'));
      }
    }
  }

  private void invoke(InvokeInstruction call, State state) {
    MethodTypeDesc type = call.typeSymbol();
    List<Origin> arguments = new ArrayList<>();
    for (int i = type.parameterCount() - 1; i >= 0; i--) {
      arguments.addFirst(state.pop(TypeKind.from(type.parameterType(i)).slotSize()));
    }
    Origin receiver = call.opcode() == Opcode.INVOKESTATIC ? MADE : state.pop(1);
    Origin result = sight.calls(call, arguments, receiver);
    state.push(result, TypeKind.from(type.returnType()).slotSize());
  }

  private static String arrayOf(TypeKind kind) {
    return switch (kind) {
      case BYTE -> "[B";
      case CHAR -> "[C";
      case SHORT -> "[S";
      case INT -> "[I";
      case LONG -> "[J";
      case FLOAT -> "[F";
      case DOUBLE -> "[D";
      case BOOLEAN -> "[Z";
      default -> "[L";
    };
  }

  private static void operate(OperatorInstruction operator, State state) {
    String name = operator.opcode().name();
    int slots = operator.typeKind().slotSize();
    if (operator.opcode() == Opcode.ARRAYLENGTH) {
      state.pop(1);
      state.push(MADE, 1);
    } else if (name.endsWith("NEG")) {
      state.pop(slots);
      state.push(MADE, slots);
    } else if (name.contains("CMP")) {
      state.pop(2 * slots);
      state.push(MADE, 1);
    } else {
      boolean shift = name.contains("SH");
      state.pop((shift ? 1 : slots) + slots);
      state.push(MADE, slots);
    }
  }

  /** Moves slots, as the specification of each instruction draws it. */
  private static void shuffle(Opcode opcode, List<Origin> stack) {
    switch (opcode) {
      case POP -> stack.removeLast();
      case POP2 -> {
        stack.removeLast();
        stack.removeLast();
      }
      case DUP -> insert(stack, 1, 0);
      case DUP_X1 -> insert(stack, 1, 1);
      case DUP_X2 -> insert(stack, 1, 2);
      case DUP2 -> insert(stack, 2, 0);
      case DUP2_X1 -> insert(stack, 2, 1);
      case DUP2_X2 -> insert(stack, 2, 2);
      case SWAP -> stack.add(stack.size() - 1, stack.removeLast());
      default -> throw new IllegalStateException("not a stack instruction: " + opcode);
    }
  }

  /** Puts a copy of the top slots below them and some more. */
  private static void insert(List<Origin> stack, int slots, int below) {
    List<Origin> top = List.copyOf(stack.subList(stack.size() - slots, stack.size()));
    stack.addAll(stack.size() - slots - below, top);
  }
}
