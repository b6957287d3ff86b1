/* Screens one string:
 * cc embed.c $(pkg-config --cflags --libs alkfw) && ./a.out MODEL CODEBOOK TEXT */
#include <alkfw.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
    alkfw_error error = {.message = "usage: embed MODEL CODEBOOK TEXT"};
    alkfw_firewall *firewall = NULL;
    alkfw_verdict *verdict = NULL;
    alkfw_decision decision = ALKFW_ERROR;

    if (argc == 4 && alkfw_open_files(argv[1], argv[2], &firewall, &error) == ALKFW_OK &&
        alkfw_scan_text(firewall, argv[3], strlen(argv[3]), &verdict, &error) == ALKFW_OK) {
        decision = verdict->decision;
        printf("%s %.4f\n", alkfw_decision_name(decision), verdict->score);
        for (size_t i = 0; i < verdict->n_alarms; i++)
            printf("%s in bytes %zu-%zu\n", verdict->alarms[i].signal, verdict->alarms[i].start,
                   verdict->alarms[i].end);
    } else {
        fprintf(stderr, "embed: %s\n", error.message);
    }
    alkfw_verdicts_free(verdict, 1);
    alkfw_close(firewall);
    return (int)decision;
}
