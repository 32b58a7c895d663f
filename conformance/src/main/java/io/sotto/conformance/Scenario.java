package io.sotto.conformance;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// One test under one protocol version.
public record Scenario(Class<?> chapter, Method method, Version version) {
    public String name() {
        return "%s [%s]".formatted(test(), version);
    }

    /// The test's class and method.
    public String test() {
        return chapter.getSimpleName() + "." + method.getName();
    }

    public String says() {
        return spec().says();
    }

    /// The statements of its version that it tests.
    public List<String> ids() {
        return Arrays.stream(spec().value())
                .filter(id -> SpecTable.versionOf(id) == version)
                .toList();
    }

    /// Whether it stands for a hostile input, during which a bystander looks on.
    public boolean isHostile() {
        return !hostileIds().isEmpty();
    }

    /// The hostile inputs that it stands for.
    public List<String> hostileIds() {
        return Arrays.stream(spec().value()).filter(id -> id.startsWith("H-")).toList();
    }

    private Spec spec() {
        Spec spec = method.getAnnotation(Spec.class);
        if (spec == null) {
            throw new IllegalStateException(method + " states nothing");
        }
        return spec;
    }

    Verdict run(Target target, String prefix) {
        long start = System.nanoTime();
        Broker broker = new Broker(target, version, prefix);
        Verdict.Outcome outcome = Verdict.Outcome.PASSED;
        String reason = "";
        try (broker) {
            Object test = chapter.getConstructor().newInstance();
            // A bystander logs in by password, if at all.
            if (isHostile() && target.scram() == null) {
                try (Vigil _ = new Vigil(new Broker(target, version, prefix + "b"))) {
                    method.invoke(test, broker);
                }
            } else {
                method.invoke(test, broker);
            }
        } catch (Unexpected e) {
            outcome = Verdict.Outcome.FAILED;
            reason = String.valueOf(e.getMessage());
        } catch (InvocationTargetException e) {
            Throwable cause = e.getTargetException();
            outcome =
                    switch (cause) {
                        case NotOffered _ -> Verdict.Outcome.NOT_OFFERED;
                        case Lenient _ -> Verdict.Outcome.LENIENT;
                        default -> Verdict.Outcome.FAILED;
                    };
            reason =
                    cause instanceof Unexpected || cause instanceof NotOffered
                            ? String.valueOf(cause.getMessage())
                            : cause.toString();
            reason += outcome == Verdict.Outcome.NOT_OFFERED ? "" : placeOf(cause);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name() + " cannot be run", e);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new Verdict(this, outcome, reason, broker.remarks(), broker.transcript(), took);
    }

    private String placeOf(Throwable cause) {
        return Arrays.stream(cause.getStackTrace())
                .filter(frame -> frame.getClassName().equals(chapter.getName()))
                .findFirst()
                .map(frame -> " (line %d)".formatted(frame.getLineNumber()))
                .orElse("");
    }
}
