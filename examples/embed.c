/* Screens one string: cc embed.c $(pkg-config --cflags --libs alkfw) && ./a.out MODEL CODEBOOK TEXT */
#include <alkfw.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
    alkfw_error error;
    alkfw_config *config = NULL;
    alkfw_firewall *firewall = NULL;
    alkfw_verdict *verdict = NULL;
    int decision = ALKFW_ERROR;

    if (argc != 4)
        return fputs("usage: embed MODEL CODEBOOK TEXT\n", stderr), ALKFW_ERROR;
    alkfw_text text = {.bytes = argv[3], .n_bytes = strlen(argv[3])};
    if (alkfw_config_new(&config, &error) == ALKFW_OK &&
        alkfw_config_set(config, "model", argv[1], "argument", &error) == ALKFW_OK &&
        alkfw_config_set(config, "codebook", argv[2], "argument", &error) == ALKFW_OK &&
        alkfw_open(config, &firewall, &error) == ALKFW_OK &&
        alkfw_scan(firewall, &text, 1, &verdict, &error) == ALKFW_OK) {
        decision = (int)verdict->decision;
        printf("%s %.4f\n", alkfw_decision_name(verdict->decision), verdict->score);
        for (size_t i = 0; i < verdict->n_alarms; i++)
            printf("  %s %.4f bytes %zu-%zu\n", verdict->alarms[i].signal,
                   verdict->alarms[i].score, verdict->alarms[i].start, verdict->alarms[i].end);
    } else {
        fprintf(stderr, "embed: %s\n", error.message);
    }
    alkfw_verdicts_free(verdict, 1);
    alkfw_close(firewall);
    alkfw_config_free(config);
    return decision;
}
