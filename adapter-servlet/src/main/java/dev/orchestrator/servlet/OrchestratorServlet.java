package dev.orchestrator.servlet;

import dev.orchestrator.api.facade.Orchestrator;
import dev.orchestrator.servlet.internal.http.HostNames;
import dev.orchestrator.servlet.internal.http.Router;
import dev.orchestrator.servlet.internal.http.ServletExchange;
import dev.orchestrator.standalone.settings.HttpSettings;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.function.Supplier;

/**
 * The HTTP API and the web page, for any Servlet 6 container. Mapped to {@code /} it answers for all paths of its context;
 * mapped to a path of its own, such as {@code /orchestrator/*}, for all below that, where a URL prefix may follow.
 */
public final class OrchestratorServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Router router;

    /**
     * Makes one.
     *
     * @param orchestrator asked at every request; what it throws is the answer, so it may throw while there is none yet
     * @param settings where it is served, and under which host names it accepts orders
     */
    public OrchestratorServlet(Supplier<? extends Orchestrator> orchestrator, HttpSettings settings) {
        this.router = new Router(orchestrator::get, settings, HostNames.own());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        router.handle(new ServletExchange(request, response));
    }
}
