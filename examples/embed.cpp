// Screens one string: c++ embed.cpp $(pkg-config --cflags --libs alkfw) && ./a.out MODEL CODEBOOK
// TEXT
#include <alkfw.h>
#include <cstdio>
#include <memory>
#include <string>

int main(int argc, char **argv) {
    alkfw_error error{};
    auto check = [&](alkfw_status status) {
        if (status != ALKFW_OK)
            throw std::string(error.message);
    };
    try {
        alkfw_config *config = nullptr;
        alkfw_firewall *firewall = nullptr;
        alkfw_verdict *verdict = nullptr;
        if (argc != 4)
            throw std::string("usage: embed MODEL CODEBOOK TEXT");
        std::string text = argv[3];
        alkfw_text view{text.data(), text.size()};
        check(alkfw_config_new(&config, &error));
        std::unique_ptr<alkfw_config, decltype(&alkfw_config_free)> own(config, alkfw_config_free);
        check(alkfw_config_set(config, "model", argv[1], "argument", &error));
        check(alkfw_config_set(config, "codebook", argv[2], "argument", &error));
        check(alkfw_open(config, &firewall, &error));
        std::unique_ptr<alkfw_firewall, decltype(&alkfw_close)> open(firewall, alkfw_close);
        check(alkfw_scan(firewall, &view, 1, &verdict, &error));
        int decision = verdict->decision;
        std::printf("%s %.4f\n", alkfw_decision_name(verdict->decision), verdict->score);
        alkfw_verdicts_free(verdict, 1);
        return decision;
    } catch (const std::string &message) {
        std::fprintf(stderr, "embed: %s\n", message.c_str());
        return ALKFW_ERROR;
    }
}
