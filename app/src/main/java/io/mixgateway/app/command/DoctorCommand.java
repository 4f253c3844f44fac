package io.mixgateway.app.command;

import io.mixgateway.app.GatewayOptions;
import io.mixgateway.app.doctor.Doctor;
import io.mixgateway.app.doctor.Finding;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code doctor}: looks everything over and says what to do. Exit status 1 when something cannot work. */
@Command(
        name = "doctor",
        description = "Checks Java, disk, port, database, configuration, clock and the way to the providers.")
final class DoctorCommand extends OnData {
    @Override
    int run(GatewayOptions options, Output output) throws InterruptedException {
        var findings = new Doctor(options, Clock.systemUTC()).look();
        boolean well = findings.stream().noneMatch(finding -> finding.state() == Finding.State.FAIL);
        var document = new LinkedHashMap<String, Object>();
        document.put("ok", well);
        document.put("checks", findings.stream().map(DoctorCommand::document).toList());
        output.say(document, lines(findings));
        return well ? MixGateway.DONE : MixGateway.REFUSED;
    }

    private static Map<String, Object> document(Finding finding) {
        var document = new LinkedHashMap<String, Object>();
        document.put("check", finding.what());
        document.put("state", finding.state().word());
        document.put("detail", finding.detail());
        document.put("advice", finding.advice());
        return document;
    }

    private static String lines(List<Finding> findings) {
        int widest = findings.stream()
                .mapToInt(finding -> finding.what().length())
                .max()
                .orElse(0);
        return findings.stream().map(finding -> line(finding, widest)).collect(Collectors.joining("\n"));
    }

    private static String line(Finding finding, int widest) {
        var line = new StringBuilder(finding.state().word())
                .repeat(' ', 6 - finding.state().word().length());
        line.append(finding.what())
                .repeat(' ', widest - finding.what().length() + 2)
                .append(finding.detail());
        if (!finding.advice().isEmpty()) {
            line.append('\n').repeat(' ', 6).append("→ ").append(finding.advice());
        }
        return line.toString();
    }
}
