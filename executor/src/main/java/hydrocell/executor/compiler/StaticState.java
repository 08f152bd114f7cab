package hydrocell.executor.compiler;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Enum;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.AccessFlags;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.FieldTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.ConstantValueAttribute;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the static state of a user's type a variable of the session: its static initialiser runs
 * once, and every other executor gives the fields the values that they had. What the initialiser
 * becomes:
 *
 * <pre>
 * class, record  static { CellRuntime.firstTouch(NAME, C.class); }
 *                static void $initialise() { what it was }
 * enum           static { if (CellRuntime.restores(NAME, E.class)) { RED = CellRuntime.constant(…); $VALUES = $values(); }
 *                         CellRuntime.firstTouch(NAME, E.class); }
 *                static void $initialise() { what it was, which makes the constants }
 * interface      static { if (CellRuntime.restores(NAME, I.class)) { CellRuntime.firstTouch(NAME, I.class); return; }
 *                         what it was }
 * </pre>
 *
 * <p>Static fields of classes and enums are not final any more, which those of interfaces must be;
 * {@code $finals} tells their names, so that {@link #asDeclared} can show javac what was written.
 */
final class StaticState {
  /** The name of what was a static initialiser. */
  static final String INITIALISE = "$initialise";

  /**
   * A constant with the names of the static fields that were final, separated by commas. Every
   * class whose state was moved has it.
   */
  static final String FINALS = "$finals";

  private static final String STATIC_INITIALISER = "<clinit>";
  private static final String ASSERTIONS = "$assertionsDisabled";
  private static final ClassDesc RUNTIME = ClassDesc.of("hydrocell.api.CellRuntime");
  private static final MethodTypeDesc NO_ARGUMENTS = MethodTypeDesc.of(CD_void);
  private static final MethodTypeDesc TOUCH = MethodTypeDesc.of(CD_void, CD_String, CD_Class);

  private final ClassFile classFile;
  private final ClassModel model;
  private final ClassDesc self;
  private final String name;

  private StaticState(ClassFile classFile, ClassModel model, String typeText) {
    this.classFile = classFile;
    this.model = model;
    this.self = model.thisClass().asSymbol();
    this.name = "s:" + typeText;
  }

  /**
   * The class with its static state moved; the same one when it has none of its own.
   *
   * @param typeText the type as names spell it, such as {@code Outer.Inner}
   */
  static byte[] move(ClassFile classFile, byte[] bytes, String typeText) {
    ClassModel model = classFile.parse(bytes);
    MethodModel initialiser = initialiser(model);
    boolean fields = model.fields().stream().anyMatch(StaticState::isState);
    // What javac adds for itself, as for a switch, holds nothing that a cell could change.
    if ((initialiser == null && !fields) || model.flags().has(AccessFlag.SYNTHETIC)) {
      return bytes;
    }
    StaticState state = new StaticState(classFile, model, typeText);
    if (initialiser != null && model.flags().has(AccessFlag.INTERFACE)) {
      return state.guardInitialiser(initialiser);
    }
    boolean nothing =
        initialiser != null
            && !fields
            && (isEnum(model) ? isPlainEnum(model, initialiser) : onlyAsserts(model, initialiser));
    return nothing ? bytes : state.moveInitialiser(initialiser);
  }

  private static @Nullable MethodModel initialiser(ClassModel model) {
    return model.methods().stream()
        .filter(method -> method.methodName().equalsString(STATIC_INITIALISER))
        .findFirst()
        .orElse(null);
  }

  private static boolean isEnum(ClassModel model) {
    return model
        .superclass()
        .map(parent -> parent.asInternalName().equals("java/lang/Enum"))
        .orElse(false);
  }

  /** Constants without anything of their own, made by a constructor that the user did not write. */
  private static boolean isPlainEnum(ClassModel model, MethodModel initialiser) {
    boolean fields =
        model.fields().stream()
            .anyMatch(f -> !f.flags().has(AccessFlag.ENUM) && !f.flags().has(AccessFlag.SYNTHETIC));
    Set<String> own = Set.of("<init>", "$values");
    boolean madeHere =
        elements(initialiser).stream()
            .allMatch(e ->
                switch (e) {
                  case InvokeInstruction call ->
                      call.owner().asSymbol().equals(model.thisClass().asSymbol())
                          && own.contains(call.name().stringValue());
                  case NewObjectInstruction made ->
                      made.className().asSymbol().equals(model.thisClass().asSymbol());
                  default -> true;
                });
    boolean trivial =
        model.methods().stream()
            .filter(method -> method.methodName().equalsString("<init>"))
            .flatMap(method -> elements(method).stream())
            .allMatch(e ->
                !(e instanceof InvokeInstruction call)
                    || call.owner().asSymbol().equals(CD_Enum)
                        && call.opcode() == Opcode.INVOKESPECIAL);
    return !fields && madeHere && trivial;
  }

  /** An initialiser that only asks whether assertions are on. */
  private static boolean onlyAsserts(ClassModel model, MethodModel initialiser) {
    return hasField(model, ASSERTIONS)
        && elements(initialiser).stream().filter(InvokeInstruction.class::isInstance).count() == 1;
  }

  private static List<CodeElement> elements(MethodModel method) {
    return method.code().map(code -> code.elementList()).orElse(List.of());
  }

  private static boolean hasField(ClassModel model, String field) {
    return model.fields().stream().anyMatch(f -> f.fieldName().equalsString(field));
  }

  /** Static fields whose values are not constants that stand in the class file. */
  private static boolean isOfInitialiser(FieldModel field) {
    return field.flags().has(AccessFlag.STATIC)
        && field.findAttribute(Attributes.constantValue()).isEmpty();
  }

  private static boolean isState(FieldModel field) {
    return isOfInitialiser(field)
        && !field.flags().has(AccessFlag.SYNTHETIC)
        && !field.flags().has(AccessFlag.ENUM);
  }

  private byte[] moveInitialiser(@Nullable MethodModel initialiser) {
    return classFile.build(
        self,
        builder -> {
          model.forEach(element -> {
            switch (element) {
              case MethodModel method when method == initialiser ->
                  builder.withMethod(
                      INITIALISE,
                      NO_ARGUMENTS,
                      ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                      made ->
                          method
                              .code()
                              .ifPresent(
                                  body -> made.transformCode(body, CodeTransform.ACCEPT_ALL)));
              case FieldModel field when isOfInitialiser(field) ->
                  builder.transformField(
                      field, flags(field.flags().flagsMask() & ~ClassFile.ACC_FINAL));
              default -> builder.with(element);
            }
          });
          nameFinals(builder, ClassFile.ACC_PRIVATE);
          builder.withMethodBody(
              STATIC_INITIALISER,
              NO_ARGUMENTS,
              ClassFile.ACC_STATIC,
              code -> restore(code, initialiser));
        });
  }

  private static FieldTransform flags(int mask) {
    return (builder, element) -> {
      if (element instanceof AccessFlags) {
        builder.withFlags(mask);
      } else {
        builder.with(element);
      }
    };
  }

  private void nameFinals(ClassBuilder builder, int access) {
    String finals =
        model.fields().stream()
            .filter(f -> isOfInitialiser(f) && f.flags().has(AccessFlag.FINAL))
            .map(f -> f.fieldName().stringValue())
            .collect(Collectors.joining(","));
    builder.withField(
        FINALS,
        CD_String,
        field ->
            field
                .withFlags(
                    access | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                .with(ConstantValueAttribute.of(finals)));
  }

  /** The new initialiser of a class or an enum. */
  private void restore(CodeBuilder code, @Nullable MethodModel initialiser) {
    if (hasField(model, ASSERTIONS)) {
      code.ldc(self)
          .invokevirtual(CD_Class, "desiredAssertionStatus", MethodTypeDesc.of(CD_boolean))
          .iconst_1()
          .ixor()
          .putstatic(self, ASSERTIONS, CD_boolean);
    }
    if (initialiser != null && isEnum(model)) {
      Label made = code.newLabel();
      ifRestores(code, made);
      bareConstants(code, initialiser);
      code.labelBinding(made);
    }
    touch(code, name, self);
    code.return_();
  }

  private void ifRestores(CodeBuilder code, Label otherwise) {
    code.ldc(name)
        .ldc(self)
        .invokestatic(RUNTIME, "restores", MethodTypeDesc.of(CD_boolean, CD_String, CD_Class))
        .ifeq(otherwise);
  }

  /** Has a class's fields be given the session's values. */
  static void touch(CodeBuilder code, String name, ClassDesc self) {
    code.ldc(name).ldc(self).invokestatic(RUNTIME, "firstTouch", TOUCH);
  }

  /** Constants without their constructors: what these did is done, and their fields are state. */
  private void bareConstants(CodeBuilder code, MethodModel initialiser) {
    Map<String, ClassDesc> classes = classesOfConstants(initialiser);
    int ordinal = 0;
    for (FieldModel field : model.fields()) {
      if (field.flags().has(AccessFlag.ENUM)) {
        String constant = field.fieldName().stringValue();
        code.ldc(classes.getOrDefault(constant, self))
            .ldc(constant)
            .loadConstant(ordinal++)
            .invokestatic(
                RUNTIME, "constant", MethodTypeDesc.of(CD_Enum, CD_Class, CD_String, CD_int))
            .checkcast(self)
            .putstatic(self, constant, self);
      }
    }
    code.invokestatic(self, "$values", MethodTypeDesc.of(self.arrayType()))
        .putstatic(self, "$VALUES", self.arrayType());
  }

  /** A constant's own class, where it has a body: the first object made on the way to its field. */
  private Map<String, ClassDesc> classesOfConstants(MethodModel initialiser) {
    Map<String, ClassDesc> classes = new HashMap<>();
    ClassDesc first = null;
    for (CodeElement element : elements(initialiser)) {
      if (element instanceof NewObjectInstruction made && first == null) {
        first = made.className().asSymbol();
      } else if (element instanceof FieldInstruction set && set.opcode() == Opcode.PUTSTATIC) {
        if (first != null) {
          classes.put(set.name().stringValue(), first);
        }
        first = null;
      }
    }
    return classes;
  }

  private byte[] guardInitialiser(MethodModel initialiser) {
    ClassTransform guarded =
        (builder, element) -> {
          if (element == initialiser) {
            builder.withMethod(
                STATIC_INITIALISER,
                NO_ARGUMENTS,
                ClassFile.ACC_STATIC,
                made ->
                    initialiser.code().ifPresent(body -> made.transformCode(body, new Guard())));
          } else {
            builder.with(element);
          }
        };
    return classFile.transformClass(
        model,
        guarded.andThen(ClassTransform.endHandler(b -> nameFinals(b, ClassFile.ACC_PUBLIC))));
  }

  /** An initialiser that runs only where nothing is restored, and says when it fails. */
  private final class Guard implements CodeTransform {
    private @Nullable Label start;

    @Override
    public void atStart(CodeBuilder code) {
      Label runs = code.newLabel();
      ifRestores(code, runs);
      touch(code, name, self);
      code.return_().labelBinding(runs);
      start = code.newBoundLabel();
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }

    @Override
    public void atEnd(CodeBuilder code) {
      if (start != null) {
        Label end = code.newBoundLabel();
        code.exceptionCatchAll(start, end, end);
        code.dup()
            .invokestatic(RUNTIME, "initialiserFailed", MethodTypeDesc.of(CD_void, CD_Throwable))
            .athrow();
      }
    }
  }

  /** The class as the user declared it: what was final is final. */
  static byte[] asDeclared(byte[] bytes) {
    ClassModel model = ClassFile.of().parse(bytes);
    if (model.flags().has(AccessFlag.INTERFACE) || !hasField(model, FINALS)) {
      return bytes;
    }
    Set<String> finals =
        model.fields().stream()
            .filter(f -> f.fieldName().equalsString(FINALS))
            .flatMap(f -> f.findAttribute(Attributes.constantValue()).stream())
            .flatMap(
                value -> List.of(value.constant().constantValue().toString().split(",")).stream())
            .collect(Collectors.toSet());
    return ClassFile.of()
        .transformClass(
            model,
            (builder, element) -> {
              if (element instanceof FieldModel field
                  && finals.contains(field.fieldName().stringValue())) {
                builder.transformField(
                    field, flags(field.flags().flagsMask() | ClassFile.ACC_FINAL));
              } else {
                builder.with(element);
              }
            });
  }

  /**
   * Whether a class has static state that is to be made at its definition: what is local to a
   * method is made when it is first used.
   */
  static boolean isInitialised(byte[] bytes) {
    ClassModel model = ClassFile.of().parse(bytes);
    return hasField(model, FINALS) && model.findAttribute(Attributes.enclosingMethod()).isEmpty();
  }
}
