package io.sotto.conformance;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Scenarios, and their run against one broker.
///
/// Most of a run is waiting, so the scenarios run side by side, each on a virtual thread; client
/// identifiers and topics are its own.
public final class Suite {
    private static final int AT_ONCE = 48;

    private final List<Scenario> scenarios;

    private Suite(List<Scenario> scenarios) {
        this.scenarios = scenarios;
    }

    /// All scenarios of these classes.
    public static Suite of(List<Class<?>> chapters) {
        List<Scenario> scenarios = new ArrayList<>();
        for (Class<?> chapter : chapters) {
            Arrays.stream(chapter.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Spec.class))
                    .sorted(Comparator.comparing(Method::getName))
                    .forEach(method -> scenarios.addAll(scenariosOf(chapter, method)));
        }
        return new Suite(List.copyOf(scenarios));
    }

    private static List<Scenario> scenariosOf(Class<?> chapter, Method method) {
        Set<Version> versions = new TreeSet<>();
        Spec spec = method.getAnnotation(Spec.class);
        for (String id : spec.value()) {
            versions.add(SpecTable.versionOf(id));
        }
        return versions.stream().map(version -> new Scenario(chapter, method, version)).toList();
    }

    public List<Scenario> scenarios() {
        return scenarios;
    }

    /// The scenarios that test a statement or have a name of one of these patterns: `*` stands for
    /// anything, and a name may be given in part.
    public Suite only(String... patterns) {
        List<Pattern> wanted = Arrays.stream(patterns).map(Suite::pattern).toList();
        return new Suite(
                scenarios.stream()
                        .filter(scenario ->
                                wanted.stream().anyMatch(pattern -> matches(scenario, pattern)))
                        .toList());
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(
                Arrays.stream(text.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")));
    }

    private static boolean matches(Scenario scenario, Pattern pattern) {
        return pattern.matcher(scenario.name()).find()
                || scenario.ids().stream().anyMatch(id -> pattern.matcher(id).matches());
    }

    /// Runs everything and returns the verdicts in the order of the scenarios.
    public List<Verdict> run(Target target) {
        String run = Long.toString(ThreadLocalRandom.current().nextLong(36L * 36 * 36 * 36), 36);
        Semaphore places = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> running = new ArrayList<>();
            for (Scenario scenario : scenarios) {
                String prefix = run + "x" + running.size() + "x";
                running.add(threads.submit(() -> run(scenario, target, prefix, places)));
            }
            List<Verdict> verdicts = new ArrayList<>();
            for (Future<Verdict> verdict : running) {
                verdicts.add(verdict.get());
            }
            return verdicts;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a scenario could not be run", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Verdict run(Scenario scenario, Target target, String prefix, Semaphore places)
            throws InterruptedException {
        places.acquire();
        try {
            return scenario.run(target, prefix);
        } finally {
            places.release();
        }
    }
}
