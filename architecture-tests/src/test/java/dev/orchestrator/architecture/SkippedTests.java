package dev.orchestrator.architecture;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What the build says at its end: how many tests each module ran, how long, and which were skipped and why. Too many of
 * them fail the build: a green one that has not run its tests says nothing.
 */
public final class SkippedTests {
    private static final String REPORTS = "target/surefire-reports";

    /**
     * One test that did not run.
     *
     * @param test its class and name
     * @param reason what it said
     */
    record Skipped(String test, String reason) {}

    /** What the reports of a module add up to. */
    record Module(int tests, double seconds, List<Skipped> skipped) {
        Module plus(int moreTests, double moreSeconds, List<Skipped> more) {
            List<Skipped> all = new ArrayList<>(skipped);
            all.addAll(more);
            return new Module(tests + moreTests, seconds + moreSeconds, List.copyOf(all));
        }
    }

    private final Path root;
    private final Instant buildBegan;
    private final Set<String> required;

    /** Looks at the reports below {@code root} that were written since then; older ones are of another build. */
    SkippedTests(Path root, Instant buildBegan, Set<String> required) {
        this.root = root;
        this.buildBegan = buildBegan;
        this.required = required;
    }

    /** The arguments: root folder, begin of the build, ids of the required servers with commas, the limit. */
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        int limit = Integer.parseInt(args[3]);
        new SkippedTests(root, Instant.parse(args[1]), Set.of(args[2].split(",", -1))).check(limit, System.out);
    }

    void check(int limit, PrintStream out) throws IOException {
        int counted = 0;
        int tests = 0;
        for (Map.Entry<String, Module> entry : modules().entrySet()) {
            Module module = entry.getValue();
            tests += module.tests();
            out.printf(
                    Locale.ROOT,
                    "%-24s %5d tests, %6.1f s, %d skipped%n",
                    entry.getKey(),
                    module.tests(),
                    module.seconds(),
                    module.skipped().size());
            for (Skipped skipped : module.skipped()) {
                boolean excused = isOfAServerNobodyRequires(skipped);
                counted += excused ? 0 : 1;
                out.println(
                        "  skipped" + (excused ? " (not counted): " : ": ") + skipped.test() + ": " + skipped.reason());
            }
        }
        out.println("all in all " + tests + " tests, " + counted + " skipped, " + limit + " may be");
        if (counted > limit) {
            throw new IllegalStateException(counted + " tests were skipped and at most " + limit
                    + " may be; the list above says which and why. Provide what they miss, or allow more with"
                    + " -Dskipped.tests.limit=N");
        }
    }

    /** The build has named such a server at its begin and gone on without it. */
    private boolean isOfAServerNobodyRequires(Skipped skipped) {
        String[] words = skipped.reason().split(" is not here", 2);
        return words.length == 2 && !required.contains("all") && !required.contains(words[0]);
    }

    /** A module may stand in the folder of another one. */
    Map<String, Module> modules() throws IOException {
        Map<String, Module> modules = new TreeMap<>();
        for (Path folder : folders(root)) {
            add(modules, folder);
            for (Path inner : folders(folder)) {
                add(modules, inner);
            }
        }
        return modules;
    }

    private static List<Path> folders(Path parent) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, Files::isDirectory)) {
            found.forEach(folders::add);
        }
        return folders;
    }

    private void add(Map<String, Module> modules, Path folder) throws IOException {
        Path reports = folder.resolve(REPORTS);
        if (Files.isDirectory(reports)) {
            modules.put(root.relativize(folder).toString(), module(reports));
        }
    }

    private Module module(Path reports) throws IOException {
        Module module = new Module(0, 0, List.of());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(reports, "TEST-*.xml")) {
            for (Path file : files) {
                if (!Files.getLastModifiedTime(file).toInstant().isBefore(buildBegan)) {
                    module = plus(module, file);
                }
            }
        }
        return module;
    }

    private static Module plus(Module module, Path file) throws IOException {
        Element suite = parse(file);
        List<Skipped> skipped = new ArrayList<>();
        NodeList cases = suite.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            Element mark = (Element) test.getElementsByTagName("skipped").item(0);
            if (mark != null) {
                skipped.add(
                        new Skipped(test.getAttribute("classname") + "." + test.getAttribute("name"), reason(mark)));
            }
        }
        return module.plus(cases.getLength(), Double.parseDouble(suite.getAttribute("time")), skipped);
    }

    /** An assumption's is in the text, as the first line of a stack trace; that of a disabled test in the attribute. */
    private static String reason(Element mark) {
        String said = mark.hasAttribute("message") ? mark.getAttribute("message") : mark.getTextContent();
        return said.strip()
                .lines()
                .findFirst()
                .orElse("no reason given")
                .replaceFirst("^[\\w.]+(Exception|Error): ", "")
                .replaceFirst("^Assumption failed: ", "");
    }

    private static Element parse(Path file) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement();
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("cannot read the report " + file + ": " + e.getMessage(), e);
        }
    }
}
