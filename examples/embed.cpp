// Screens one string:
// c++ embed.cpp $(pkg-config --cflags --libs alkfw) && ./a.out MODEL CODEBOOK TEXT
#include <alkfw.h>
#include <cstdio>
#include <memory>
#include <string>

int main(int argc, char **argv) {
    alkfw_error error{ALKFW_E_ARGUMENT, "usage: embed MODEL CODEBOOK TEXT"};
    alkfw_firewall *firewall = nullptr;
    alkfw_verdict *verdict = nullptr;
    const std::string text = argc == 4 ? argv[3] : "";

    bool scanned =
        argc == 4 && alkfw_open_files(argv[1], argv[2], &firewall, &error) == ALKFW_OK &&
        alkfw_scan_text(firewall, text.data(), text.size(), &verdict, &error) == ALKFW_OK;
    const std::unique_ptr<alkfw_firewall, decltype(&alkfw_close)> owned(firewall, alkfw_close);
    if (!scanned)
        return std::fprintf(stderr, "embed: %s\n", error.message), ALKFW_ERROR;
    std::printf("%s %.4f\n", alkfw_decision_name(verdict->decision), verdict->score);
    for (std::size_t i = 0; i < verdict->n_alarms; i++)
        std::printf("%s in bytes %zu-%zu\n", verdict->alarms[i].signal, verdict->alarms[i].start,
                    verdict->alarms[i].end);
    const alkfw_decision decision = verdict->decision;
    alkfw_verdicts_free(verdict, 1);
    return decision;
}
