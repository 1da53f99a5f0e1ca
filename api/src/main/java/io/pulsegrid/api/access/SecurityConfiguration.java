package io.pulsegrid.api.access;

import io.pulsegrid.api.ApiSettings;
import io.pulsegrid.api.problem.ProblemWriter;
import io.pulsegrid.api.problem.Refusal;
import io.pulsegrid.core.access.Caller;
import io.pulsegrid.core.access.Keys;
import io.pulsegrid.core.failure.FailureCode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * Three doors: the API by bearer key, the open paths without one, the pages by a key in a cookie.
 * No door keeps a session on the server, so every node answers every caller.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class SecurityConfiguration {
  private static final String CONTENT_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
          + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final String NO_CONTENT = "default-src 'none'; frame-ancestors 'none'";

  @Bean
  KeyRates keyRates(ApiSettings settings, InstantSource clock) {
    return new KeyRates(settings.requestsPerMinute(), clock);
  }

  @Bean
  @Order(1)
  SecurityFilterChain apiDoor(
      HttpSecurity http, Keys keys, ProblemWriter problems, KeyRates rates) {
    return stateless(http)
        .securityMatcher("/api/**")
        // A bearer header is never sent by a browser on its own, so there is nothing to forge.
        .csrf(AbstractHttpConfigurer::disable)
        .addFilterBefore(new BearerFilter(keys), AnonymousAuthenticationFilter.class)
        .addFilterBefore(
            new RateFilter(rates, problems::write), AnonymousAuthenticationFilter.class)
        .authorizeHttpRequests(
            paths ->
                paths
                    .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                    .permitAll()
                    .anyRequest()
                    .access(
                        (who, context) ->
                            new AuthorizationDecision(
                                who.get() instanceof KeyAuthentication known
                                    && ScopeRule.allows(
                                        known.getPrincipal(), context.getRequest()))))
        .exceptionHandling(
            refused ->
                refused
                    .authenticationEntryPoint(
                        (request, response, e) -> problems.write(response, unknown(request)))
                    .accessDeniedHandler(
                        (request, response, e) -> problems.write(response, forbidden(request))))
        .build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain openDoor(HttpSecurity http, ProblemWriter problems) {
    return stateless(http)
        .securityMatcher(
            "/v3/api-docs",
            "/v3/api-docs/**",
            "/v3/api-docs.yaml",
            "/actuator/**",
            "/assets/**",
            "/webjars/**",
            "/favicon.ico",
            "/error")
        .csrf(AbstractHttpConfigurer::disable)
        .authorizeHttpRequests(
            paths ->
                paths
                    .requestMatchers(
                        "/actuator/health", "/actuator/health/**", "/actuator/prometheus")
                    .permitAll()
                    .requestMatchers("/actuator/**")
                    .denyAll()
                    .anyRequest()
                    .permitAll())
        .exceptionHandling(
            refused ->
                refused.authenticationEntryPoint(
                    (request, response, e) ->
                        problems.write(
                            response, Refusal.of(FailureCode.NOT_FOUND, "nothing is open here"))))
        .build();
  }

  @Bean
  @Order(3)
  SecurityFilterChain pagesDoor(HttpSecurity http, Keys keys, KeyRates rates) {
    CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
    tokens.setCookieCustomizer(cookie -> cookie.httpOnly(true).sameSite("Strict"));
    return stateless(http)
        .csrf(csrf -> csrf.csrfTokenRepository(tokens))
        .addFilterBefore(new SessionCookie(keys), AnonymousAuthenticationFilter.class)
        .addFilterBefore(
            new RateFilter(rates, SecurityConfiguration::toProblemPage),
            AnonymousAuthenticationFilter.class)
        .authorizeHttpRequests(
            paths ->
                paths
                    .dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD)
                    .permitAll()
                    .requestMatchers("/", "/sign-in", "/sign-out")
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .exceptionHandling(
            refused -> refused.authenticationEntryPoint(SecurityConfiguration::toSignIn))
        .headers(
            headers ->
                headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY)))
        .build();
  }

  /** Requests are timed as a whole: nobody would read what each filter took of them. */
  @Bean
  SecurityObservationSettings observations() {
    return SecurityObservationSettings.noObservations();
  }

  /** Keys are the only way in: this keeps Boot from making up a user with a password. */
  @Bean
  AuthenticationManager noPasswords() {
    return attempt -> {
      throw new BadCredentialsException("there are no passwords here, only keys");
    };
  }

  /** Refuses U+0000 in parameters, which PostgreSQL could not compare anything with. */
  @Bean
  HttpFirewall firewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setAllowedParameterValues(value -> value == null || value.indexOf('\0') < 0);
    return firewall;
  }

  private static HttpSecurity stateless(HttpSecurity http) {
    // On every door: nothing is framed, sniffed, sent on as a referrer or let run; over TLS the
    // browser is told to stay there.
    return http.headers(
            headers ->
                headers
                    .contentSecurityPolicy(policy -> policy.policyDirectives(NO_CONTENT))
                    .frameOptions(frame -> frame.deny())
                    .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                    .permissionsPolicyHeader(
                        permissions ->
                            permissions.policy("camera=(), geolocation=(), microphone=()")))
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(AbstractHttpConfigurer::disable)
        .formLogin(AbstractHttpConfigurer::disable)
        .httpBasic(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable);
  }

  private static Refusal unknown(HttpServletRequest request) {
    boolean wrong = BearerToken.of(request).isPresent();
    String challenge = "Bearer realm=\"pulsegrid\"" + (wrong ? ", error=\"invalid_token\"" : "");
    return Refusal.of(
            FailureCode.UNAUTHENTICATED,
            wrong ? Doorkeeper.UNKNOWN : "a key is required: Authorization: Bearer pg_...")
        .with("WWW-Authenticate", challenge);
  }

  private static Refusal forbidden(HttpServletRequest request) {
    var known = SecurityContextHolder.getContext().getAuthentication();
    return Refusal.of(
        FailureCode.FORBIDDEN,
        known != null && known.getPrincipal() instanceof Caller caller
            ? ScopeRule.refusal(caller, request)
            : "this is not allowed");
  }

  /** Leaves it to what draws every problem, as a page where a person reads it. */
  private static void toProblemPage(HttpServletResponse response, Refusal refusal)
      throws IOException {
    refusal.headers().forEach(response::setHeader);
    response.sendError(refusal.problem().status());
  }

  private static void toSignIn(
      HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
      throws IOException {
    if (request.getHeader("HX-Request") != null) {
      response.setHeader("HX-Redirect", "/");
      response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    } else {
      response.sendRedirect("/");
    }
  }
}
