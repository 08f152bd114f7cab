package hydrocell.executor.compiler;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import hydrocell.cell.Name;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites class files of cells before they are shipped: lambdas are made serializable, handlers
 * that could catch an interrupt let it pass, {@code System.exit} and {@code System.console} go to
 * the executor, and the static state of a user's type becomes the session's.
 */
final class ClassRewriter {
  private static final ClassDesc RUNTIME = ClassDesc.of("hydrocell.api.CellRuntime");
  private static final ClassDesc CONSOLE = ClassDesc.of("java.io.Console");
  private static final ClassDesc FACTORY = ClassDesc.of("java.lang.invoke.LambdaMetafactory");
  private static final int FLAG_SERIALIZABLE = 1;
  private static final MethodTypeDesc ALT_METAFACTORY =
      MethodTypeDesc.of(
          ClassDesc.of("java.lang.invoke.CallSite"),
          ClassDesc.of("java.lang.invoke.MethodHandles").nested("Lookup"),
          CD_String,
          ClassDesc.of("java.lang.invoke.MethodType"),
          ClassDesc.of("java.lang.Object").arrayType());
  private static final Set<String> STOPPABLE =
      Set.of("java/lang/Throwable", "java/lang/Error", "hydrocell/api/CellStop");

  private final ClassFile classFile;

  /** A rewriter for classes that may refer to each other and to the session's. */
  ClassRewriter(Map<String, byte[]> fresh, Map<String, Supplier<byte[]>> session) {
    ClassHierarchyResolver resolver =
        ClassHierarchyResolver.ofResourceParsing(
                (ClassDesc type) -> {
                  String name = type.packageName() + "." + type.displayName();
                  byte[] bytes = fresh.get(name);
                  Supplier<byte[]> known = session.get(name);
                  byte[] found = bytes != null ? bytes : known != null ? known.get() : null;
                  return found == null ? null : new java.io.ByteArrayInputStream(found);
                })
            .orElse(ClassHierarchyResolver.defaultResolver());
    classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
  }

  /**
   * Rewrites one class.
   *
   * @param staticsOf the type whose static state this class may hold, as spelled in names; null
   *     when it is not a type of the user
   */
  byte[] rewrite(byte[] bytes, @Nullable String staticsOf) {
    String outer = staticsOf == null ? null : outerName(bytes);
    ClassTransform code =
        (builder, element) -> {
          if (element instanceof MethodModel method && method.code().isPresent()) {
            CodeRewrite rewrite = new CodeRewrite(stoppableHandlers(method.code().get()), outer);
            builder.transformMethod(method, MethodTransform.transformingCode(rewrite));
          } else {
            builder.with(element);
          }
        };
    byte[] moved = staticsOf == null ? bytes : StaticState.move(classFile, bytes, staticsOf);
    return classFile.transformClass(classFile.parse(moved), code);
  }

  private String outerName(byte[] bytes) {
    String name = classFile.parse(bytes).thisClass().asInternalName();
    String outer = GeneratedNames.outerOf(name.replace('/', '.'));
    return outer.substring(outer.lastIndexOf('.') + 1) + ".";
  }

  /** Gives the class that holds a variable the initialiser that fetches its value. */
  byte[] holder(byte[] bytes, Name variable) {
    ClassModel model = classFile.parse(bytes);
    return classFile.transformClass(
        model,
        ClassTransform.endHandler(builder ->
            builder.withMethodBody(
                "<clinit>",
                MethodTypeDesc.of(CD_void),
                ClassFile.ACC_STATIC,
                code -> {
                  StaticState.touch(code, variable.toString(), model.thisClass().asSymbol());
                  code.return_();
                })));
  }

  private static Set<Label> stoppableHandlers(CodeModel code) {
    Set<Label> found = new HashSet<>();
    code.exceptionHandlers().stream()
        .filter(handler ->
            handler
                .catchType()
                .map(type -> STOPPABLE.contains(type.asInternalName()))
                .orElse(false))
        .forEach(handler -> found.add(handler.handler()));
    return found;
  }

  /** Rewrites the body of one method. */
  private static final class CodeRewrite implements CodeTransform {
    private final Set<Label> handlers;
    private final @Nullable String outer;

    /**
     * A rewrite.
     *
     * @param outer the generated class around a user's type, as a text spells it that an annotation
     *     processor wrote (Lombok's {@code toString}): taken out; null when there is none
     */
    CodeRewrite(Set<Label> handlers, @Nullable String outer) {
      this.handlers = handlers;
      this.outer = outer;
    }

    private boolean namesOuter(ConstantDesc constant) {
      return outer != null && constant instanceof String text && text.contains(outer);
    }

    private ConstantDesc withoutOuter(ConstantDesc constant) {
      return outer != null && constant instanceof String text ? text.replace(outer, "") : constant;
    }

    private void withoutOuter(CodeBuilder builder, InvokeDynamicInstruction call) {
      builder.invokedynamic(
          DynamicCallSiteDesc.of(
              call.bootstrapMethod(),
              call.name().stringValue(),
              call.typeSymbol(),
              call.bootstrapArgs().stream().map(this::withoutOuter).toArray(ConstantDesc[]::new)));
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      switch (element) {
        case LabelTarget target when handlers.contains(target.label()) -> {
          builder.with(element);
          builder.dup().invokestatic(RUNTIME, "passStop", MethodTypeDesc.of(CD_void, CD_Throwable));
        }
        case InvokeInstruction call -> redirect(builder, call);
        case ConstantInstruction text when namesOuter(text.constantValue()) ->
            builder.loadConstant(withoutOuter(text.constantValue()));
        case InvokeDynamicInstruction call
            when call.bootstrapArgs().stream().anyMatch(this::namesOuter) ->
            withoutOuter(builder, call);
        case InvokeDynamicInstruction call -> serializable(builder, call);
        default -> builder.with(element);
      }
    }

    private static void redirect(CodeBuilder builder, InvokeInstruction call) {
      String target =
          call.owner().asInternalName()
              + "."
              + call.name().stringValue()
              + call.type().stringValue();
      switch (target) {
        case "java/lang/System.exit(I)V" ->
            builder.invokestatic(RUNTIME, "exit", MethodTypeDesc.of(CD_void, CD_int));
        case "java/lang/Runtime.exit(I)V", "java/lang/Runtime.halt(I)V" ->
            builder.swap().pop().invokestatic(RUNTIME, "exit", MethodTypeDesc.of(CD_void, CD_int));
        case "java/lang/System.console()Ljava/io/Console;" ->
            builder.invokestatic(RUNTIME, "console", MethodTypeDesc.of(CONSOLE));
        default -> builder.with(call);
      }
    }

    private static void serializable(CodeBuilder builder, InvokeDynamicInstruction call) {
      DirectMethodHandleDesc bootstrap = call.bootstrapMethod();
      if (!bootstrap.owner().equals(FACTORY)) {
        builder.with(call);
        return;
      }
      List<ConstantDesc> arguments = new ArrayList<>(call.bootstrapArgs());
      if (bootstrap.methodName().equals("metafactory")) {
        arguments.add(FLAG_SERIALIZABLE);
      } else {
        arguments.set(3, (Integer) arguments.get(3) | FLAG_SERIALIZABLE);
      }
      DirectMethodHandleDesc alt =
          MethodHandleDesc.ofMethod(
              DirectMethodHandleDesc.Kind.STATIC, FACTORY, "altMetafactory", ALT_METAFACTORY);
      builder.invokedynamic(
          DynamicCallSiteDesc.of(
              alt,
              call.name().stringValue(),
              call.typeSymbol(),
              arguments.toArray(ConstantDesc[]::new)));
    }
  }

  /** Reads a class without changing it. */
  static ClassModel parse(byte[] bytes) {
    return ClassFile.of().parse(bytes);
  }
}
