package io.sotto.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The floors of the house: who may import whom, and what the core must not touch.
///
/// The rules hold below any root package, so that the same rules run over the product and over
/// seeded breaches.
final class FloorRules {
    /// What each module may import of the others. An entry with a dot is that package alone.
    static final Map<String, List<String>> FLOORS = floors();

    private static final String[] CORE_LIBRARY = {"java..", "org.jspecify.."};

    private final String root;

    FloorRules(String root) {
        this.root = root;
    }

    private static Map<String, List<String>> floors() {
        Map<String, List<String>> floors = new LinkedHashMap<>();
        floors.put("mqtt", List.of());
        floors.put("broker", List.of("mqtt.."));
        floors.put("client", List.of("mqtt.."));
        floors.put("transport", List.of("broker..", "mqtt.."));
        floors.put("access", List.of("broker.spi", "mqtt.."));
        floors.put("store", List.of("broker.spi", "mqtt.."));
        floors.put("cli", List.of("client..", "mqtt.."));
        floors.put("server", List.of(".."));
        floors.put("testkit", List.of("broker..", "mqtt..", "store"));
        floors.put("conformance", List.of());
        floors.put("interop", List.of());
        floors.put("fuzz", List.of(".."));
        floors.put("kernels", List.of(".."));
        floors.put("house", List.of());
        return floors;
    }

    /// Every rule, to be run over the product.
    List<ArchRule> all() {
        List<ArchRule> rules = new ArrayList<>();
        FLOORS.keySet().forEach(module -> rules.add(imports(module)));
        rules.add(everyModuleHasAFloor());
        rules.add(nobodyImportsTheTools());
        rules.add(onlyTheServerKnowsTheSuite());
        rules.add(noCycles());
        rules.add(theCoreStandsOnTheJdk());
        rules.add(nettyStaysInTransport());
        rules.add(noForbiddenTypeInTheCore());
        rules.add(noForbiddenCallInTheCore());
        rules.add(noMutableStatic());
        rules.add(noInjectedField());
        return rules;
    }

    /// A module imports itself, what lies below it as its floor says, and nothing else of ours.
    ArchRule imports(String module) {
        List<String> allowed = new ArrayList<>();
        allowed.add(within(module));
        FLOORS.getOrDefault(module, List.of()).forEach(below -> allowed.add(inRoot(below)));
        return noClasses()
                .that()
                .resideInAPackage(within(module))
                .should()
                .dependOnClassesThat(
                        ours().and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
                .as(module + " imports only " + FLOORS.getOrDefault(module, List.of()))
                .because("arrows point down, and rooms on one floor do not know each other")
                .allowEmptyShould(true);
    }

    ArchRule everyModuleHasAFloor() {
        String[] known = FLOORS.keySet().stream().map(this::within).toArray(String[]::new);
        return noClasses()
                .should(be(ours().and(not(resideInAnyPackage(known)))))
                .as("every module has a floor")
                .because("a module that is not in the list is under no rule")
                .allowEmptyShould(true);
    }

    ArchRule nobodyImportsTheTools() {
        String[] tools =
                Stream.of("testkit", "interop", "fuzz", "kernels", "house")
                        .map(this::within)
                        .toArray(String[]::new);
        return noClasses()
                .that(ours().and(not(resideInAnyPackage(tools))))
                .should()
                .dependOnClassesThat(resideInAnyPackage(tools))
                .as("the product does not import its tools")
                .because("testkit, interop, fuzz, kernels and house stand beside it")
                .allowEmptyShould(true);
    }

    ArchRule onlyTheServerKnowsTheSuite() {
        return noClasses()
                .that(ours().and(not(resideInAnyPackage(within("server"), within("conformance")))))
                .should()
                .dependOnClassesThat(resideInAPackage(within("conformance")))
                .as("only server imports conformance")
                .because("it hands the suite to `sotto check`, and no other part needs one")
                .allowEmptyShould(true);
    }

    ArchRule noCycles() {
        return slices().matching(root + ".(**)")
                .should()
                .beFreeOfCycles()
                .as("no cycle between packages")
                .allowEmptyShould(true);
    }

    ArchRule theCoreStandsOnTheJdk() {
        return noClasses()
                .that(core())
                .should()
                .dependOnClassesThat(not(ours()).and(not(resideInAnyPackage(CORE_LIBRARY))))
                .as("mqtt and broker stand on the JDK alone")
                .because(
                        "the core is a deterministic state machine: no network, no logging library")
                .allowEmptyShould(true);
    }

    ArchRule nettyStaysInTransport() {
        return noClasses()
                .that(ours().and(not(resideInAPackage(within("transport")))))
                .should()
                .dependOnClassesThat(resideInAPackage("io.netty.."))
                .as("Netty stays in transport")
                .because("beyond the transport nobody counts references")
                .allowEmptyShould(true);
    }

    ArchRule noForbiddenTypeInTheCore() {
        return noClasses()
                .that(core())
                .should()
                .dependOnClassesThat(new ForbiddenType())
                .as("no thread, lock, file, socket, log or future in mqtt and broker")
                .because("time, entropy, disk and links come in through ports")
                .allowEmptyShould(true);
    }

    ArchRule noForbiddenCallInTheCore() {
        return noClasses()
                .that(core())
                .should()
                .accessTargetWhere(new ForbiddenCall())
                .as("no clock and no randomness in mqtt and broker")
                .because("time is an argument and entropy is a port")
                .allowEmptyShould(true);
    }

    ArchRule noMutableStatic() {
        return noFields()
                .that()
                .areDeclaredInClassesThat(ours())
                .and()
                .areStatic()
                .should()
                .notBeFinal()
                .as("no static field that changes")
                .because("a field is final, or it belongs to one shard")
                .allowEmptyShould(true);
    }

    ArchRule noInjectedField() {
        return noFields()
                .that()
                .areDeclaredInClassesThat(ours())
                .should()
                .beAnnotatedWith(
                        DescribedPredicate.describe(
                                "an injection annotation",
                                mark ->
                                        List.of("Inject", "Autowired", "Resource")
                                                .contains(mark.getRawType().getSimpleName())))
                .as("no injected field")
                .because("wiring is one readable method")
                .allowEmptyShould(true);
    }

    private DescribedPredicate<JavaClass> ours() {
        return resideInAPackage(root + "..");
    }

    private DescribedPredicate<JavaClass> core() {
        return resideInAnyPackage(within("mqtt"), within("broker"));
    }

    private String within(String module) {
        return inRoot(module + "..");
    }

    private String inRoot(String packages) {
        return packages.equals("..") ? root + ".." : root + "." + packages;
    }

    private static final class ForbiddenType extends DescribedPredicate<JavaClass> {
        private static final List<String> PACKAGES =
                List.of(
                        "java.net.",
                        "java.nio.channels.",
                        "java.nio.file.",
                        "java.util.concurrent.locks.",
                        "java.util.logging.",
                        "java.util.prefs.");
        private static final List<String> TYPES =
                List.of(
                        "java.io.Console",
                        "java.io.File",
                        "java.io.InputStream",
                        "java.io.OutputStream",
                        "java.io.PrintStream",
                        "java.io.RandomAccessFile",
                        "java.lang.System$Logger",
                        "java.lang.Thread",
                        "java.lang.ThreadLocal",
                        "java.security.SecureRandom",
                        "java.util.Timer",
                        "java.util.concurrent.CompletableFuture",
                        "java.util.concurrent.CompletionStage",
                        "java.util.concurrent.ExecutorService",
                        "java.util.concurrent.Executors",
                        "java.util.concurrent.ScheduledExecutorService",
                        "java.util.concurrent.ThreadLocalRandom");

        ForbiddenType() {
            super("that the core must not touch");
        }

        @Override
        public boolean test(JavaClass type) {
            String name = type.getName();
            return TYPES.contains(name)
                    || PACKAGES.stream().anyMatch(name::startsWith)
                    || name.startsWith("java.io.File");
        }
    }

    private static final class ForbiddenCall extends DescribedPredicate<JavaAccess<?>> {
        private static final List<String> CALLS =
                List.of(
                        "java.lang.Math.random",
                        "java.lang.System.currentTimeMillis",
                        "java.lang.System.getProperty",
                        "java.lang.System.getenv",
                        "java.lang.System.nanoTime",
                        "java.util.UUID.randomUUID",
                        "java.util.random.RandomGenerator.getDefault");

        ForbiddenCall() {
            super("the clock or chance");
        }

        @Override
        public boolean test(JavaAccess<?> access) {
            String owner = access.getTargetOwner().getName();
            String name = access.getTarget().getName();
            return CALLS.contains(owner + "." + name)
                    || (owner.startsWith("java.time.")
                            && (name.equals("now") || name.startsWith("system")))
                    || (owner.equals("java.util.Random") && name.equals("<init>"));
        }
    }
}
