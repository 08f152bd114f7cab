package hydrocell.executor.state;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lambdas and method references by their {@link SerializedLambda}, put together by the same factory
 * that javac's call sites use, with the rights of the class that made them. They keep the version
 * of that class.
 */
final class LambdaForm extends Form {
  /** Reads every lambda. */
  static final LambdaForm READING = new LambdaForm(null);

  private static final int FIXED_PARTS = 9;
  private static final int MAX_SITES = 4096;
  private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L([^;]+);");
  private static final ClassValue<Map<List<Object>, MethodHandle>> SITES =
      new ClassValue<>() {
        @Override
        protected Map<List<Object>, MethodHandle> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private final @Nullable MethodHandle writeReplace;

  private LambdaForm(@Nullable MethodHandle writeReplace) {
    super(SerializedLambda.class, Shape.PARTS);
    this.writeReplace = writeReplace;
  }

  static Form of(Class<?> type) throws UnstorableException {
    try {
      return new LambdaForm(Jdk.in(type).unreflect(type.getDeclaredMethod("writeReplace")));
    } catch (ReflectiveOperationException e) {
      throw new UnstorableException(
          "is a function made inside %s, which keeps no way to store it; write it as a lambda of"
                  .formatted(type.getName().replaceAll("\\$\\$Lambda.*", ""))
              + " your own",
          "");
    }
  }

  private SerializedLambda site(Object lambda) {
    if (writeReplace == null) {
      throw new IllegalStateException("this form only reads");
    }
    try {
      return (SerializedLambda) writeReplace.invoke(lambda);
    } catch (Throwable e) {
      throw Jdk.asUnchecked(e);
    }
  }

  @Override
  boolean immutable() {
    return true;
  }

  @Override
  boolean sharable(Object object) {
    return site(object).getCapturedArgCount() > 0;
  }

  @Override
  @Nullable Object[] parts(Object object) {
    SerializedLambda site = site(object);
    int captured = site.getCapturedArgCount();
    @Nullable Object[] parts = new @Nullable Object[FIXED_PARTS + captured];
    parts[0] = site.getCapturingClass();
    parts[1] = site.getFunctionalInterfaceClass();
    parts[2] = site.getFunctionalInterfaceMethodName();
    parts[3] = site.getFunctionalInterfaceMethodSignature();
    parts[4] = site.getImplMethodKind();
    parts[5] = site.getImplClass();
    parts[6] = site.getImplMethodName();
    parts[7] = site.getImplMethodSignature();
    parts[8] = site.getInstantiatedMethodType();
    for (int i = 0; i < captured; i++) {
      parts[FIXED_PARTS + i] = site.getCapturedArg(i);
    }
    return parts;
  }

  @Override
  List<Class<?>> needs(Object object) {
    SerializedLambda site = site(object);
    Set<String> names = new LinkedHashSet<>();
    names.add(site.getCapturingClass());
    names.add(site.getFunctionalInterfaceClass());
    names.add(site.getImplClass());
    for (String descriptor :
        List.of(site.getImplMethodSignature(), site.getInstantiatedMethodType())) {
      Matcher matcher = CLASS_IN_DESCRIPTOR.matcher(descriptor);
      while (matcher.find()) {
        names.add(matcher.group(1));
      }
    }
    List<Class<?>> needed = new java.util.ArrayList<>();
    for (String name : names) {
      try {
        needed.add(named(name, object.getClass().getClassLoader()));
      } catch (ClassNotFoundException e) {
        throw new IllegalStateException("a lambda without its class " + name, e);
      }
    }
    return needed;
  }

  private static Class<?> named(String internalName, @Nullable ClassLoader loader)
      throws ClassNotFoundException {
    String name = internalName.replace('/', '.');
    return Class.forName(name, false, loader);
  }

  @Override
  Object build(long[] bits, @Nullable Object[] parts) {
    throw new IllegalStateException("a lambda is built with the loader of its session");
  }

  /** A lambda from its parts. */
  static Object build(@Nullable Object[] parts, ClassLoader loader) throws Throwable {
    if (parts.length < FIXED_PARTS || !(parts[4] instanceof Integer)) {
      throw new CorruptValueException("a lambda's parts do not fit together");
    }
    for (int i = 0; i < FIXED_PARTS; i++) {
      if (i != 4 && !(parts[i] instanceof String)) {
        throw new CorruptValueException("a lambda's parts do not fit together");
      }
    }
    int captured = parts.length - FIXED_PARTS;
    List<Object> key = new java.util.ArrayList<>();
    for (int i = 0; i < FIXED_PARTS; i++) {
      key.add(java.util.Objects.requireNonNull(parts[i]));
    }
    key.add(captured);
    Class<?> capturing = named((String) key.get(0), loader);
    Map<List<Object>, MethodHandle> sites = SITES.get(capturing);
    MethodHandle factory = sites.get(key);
    if (factory == null) {
      factory = link(key, capturing, captured);
      if (sites.size() < MAX_SITES) {
        sites.put(key, factory);
      }
    }
    return factory.invokeWithArguments(Arrays.asList(parts).subList(FIXED_PARTS, parts.length));
  }

  private static MethodHandle link(List<Object> site, Class<?> capturing, int captured)
      throws Throwable {
    MethodHandles.Lookup lookup = Jdk.in(capturing);
    ClassLoader loader = capturing.getClassLoader();
    Class<?> face = named((String) site.get(1), loader);
    Class<?> implClass = named((String) site.get(5), loader);
    String implName = (String) site.get(6);
    MethodType implType = type(site.get(7), loader);
    int kind = (int) site.get(4);
    MethodHandle impl =
        switch (kind) {
          case MethodHandleInfo.REF_invokeStatic ->
              lookup.findStatic(implClass, implName, implType);
          case MethodHandleInfo.REF_newInvokeSpecial ->
              lookup.findConstructor(implClass, implType.changeReturnType(void.class));
          case MethodHandleInfo.REF_invokeSpecial ->
              lookup.findSpecial(implClass, implName, implType, capturing);
          case MethodHandleInfo.REF_invokeVirtual, MethodHandleInfo.REF_invokeInterface ->
              lookup.findVirtual(implClass, implName, implType);
          default -> throw new CorruptValueException("a lambda of kind " + kind);
        };
    MethodType all = kind == MethodHandleInfo.REF_newInvokeSpecial ? implType : impl.type();
    if (captured > all.parameterCount()) {
      throw new CorruptValueException("a lambda captures more than it takes");
    }
    MethodType factoryType = MethodType.methodType(face, all.parameterList().subList(0, captured));
    return LambdaMetafactory.altMetafactory(
            lookup,
            (String) site.get(2),
            factoryType,
            type(site.get(3), loader),
            impl,
            type(site.get(8), loader),
            LambdaMetafactory.FLAG_SERIALIZABLE)
        .getTarget();
  }

  private static MethodType type(Object descriptor, @Nullable ClassLoader loader) {
    return MethodType.fromMethodDescriptorString((String) descriptor, loader);
  }

  @Override
  String step(Object object, int part) {
    return " (captured value " + (part - FIXED_PARTS + 1) + ")";
  }
}
