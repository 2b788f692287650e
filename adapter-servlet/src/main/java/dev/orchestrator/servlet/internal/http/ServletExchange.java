package dev.orchestrator.servlet.internal.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A servlet's request and response as an exchange. */
public final class ServletExchange implements HttpExchange {
    private static final int WORTH_COMPRESSING = 1024;

    private final HttpServletRequest request;
    private final HttpServletResponse response;

    /**
     * Makes one.
     *
     * @param request the request
     * @param response its response
     */
    public ServletExchange(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.response = response;
    }

    @Override
    public String method() {
        return request.getMethod().toUpperCase(Locale.ROOT);
    }

    @Override
    public String rawPath() {
        String path = request.getRequestURI();
        String context = context();
        int begin = path.startsWith(context) ? context.length() : 0;
        // As it was sent, it may be encoded otherwise than the container says: so slashes are counted.
        for (long slashes = mapping().chars().filter(c -> c == '/').count(); slashes > 0; slashes--) {
            int next = path.indexOf('/', begin + 1);
            begin = next < 0 ? path.length() : next;
        }
        return begin < path.length() ? path.substring(begin) : "/";
    }

    @Override
    public String contextPath() {
        return context() + mapping();
    }

    private String context() {
        String context = request.getContextPath();
        return context == null ? "" : context;
    }

    /** What stands before the star, where the servlet is mapped to a path of its own; else empty. */
    private String mapping() {
        boolean ofItsOwn = request.getHttpServletMapping().getMappingMatch() == MappingMatch.PATH;
        return ofItsOwn ? request.getServletPath() : "";
    }

    @Override
    public @Nullable String query(String name) {
        String query = request.getQueryString();
        if (query == null) {
            return null;
        }
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (key.equals(name)) {
                return decoded(equals < 0 ? "" : pair.substring(equals + 1)).strip();
            }
        }
        return null;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Not percent-encoded: then it is what it is.
            return value;
        }
    }

    @Override
    public @Nullable String header(String name) {
        return request.getHeader(name);
    }

    @Override
    public Map<String, List<String>> headers() {
        Map<String, List<String>> headers = new TreeMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, Collections.list(request.getHeaders(name)));
        }
        return headers;
    }

    @Override
    public String remoteAddress() {
        return request.getRemoteAddr();
    }

    @Override
    public @Nullable String remoteUser() {
        return request.getRemoteUser();
    }

    @Override
    public void answer(Answer answer) {
        response.setStatus(answer.status());
        response.setContentType(answer.contentType());
        answer.headers().forEach(response::setHeader);
        try {
            byte[] body = answer.body();
            response.setHeader("Vary", "Accept-Encoding");
            if (body.length >= WORTH_COMPRESSING && acceptsGzip()) {
                body = gzip(body);
                response.setHeader("Content-Encoding", "gzip");
            }
            response.setContentLength(body.length);
            if (!method().equals("HEAD")) {
                response.getOutputStream().write(body);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the client went away", e);
        }
    }

    private boolean acceptsGzip() {
        String accepted = request.getHeader("Accept-Encoding");
        return accepted != null && accepted.matches("(?i).*\\b(gzip|x-gzip)\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$)).*");
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }
}
