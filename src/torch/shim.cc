/* SPDX-License-Identifier: Apache-2.0
 *
 * A model over the operators of libtorch. Windows run one after the other, each without padding, so
 * that the states of a window do not depend on its batch; threads run different windows, and no
 * operator starts threads of its own. */
#include "torch/shim.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <dlfcn.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using at::Tensor;

/* ---- errors -------------------------------------------------------------- */

struct Failure : std::runtime_error {
    alkfw_status status;

    Failure(alkfw_status status, const std::string &message)
        : std::runtime_error(message), status(status) {
    }
};

/* The first line of what libtorch says; the others are a stack of its own functions. */
alkfw_status report(alkfw_status status, const char *text, char *message) {
    (void)std::snprintf(message, TORCH_MESSAGE_SIZE, "%.*s", (int)std::strcspn(text, "\n"), text);
    return status;
}

/* No exception leaves the module. */
template <typename Function> alkfw_status guarded(char *message, Function function) {
    try {
        c10::InferenceMode guard;
        function();
        return ALKFW_OK;
    } catch (const Failure &failure) {
        return report(failure.status, failure.what(), message);
    } catch (const std::bad_alloc &) {
        return report(ALKFW_E_MEMORY, "out of memory in libtorch", message);
    } catch (const c10::Error &error) {
        const char *text = error.what_without_backtrace();
        /* libtorch has no type of its own for this on the CPU */
        bool is_memory = std::strstr(text, "can't allocate memory") != nullptr ||
                         std::strstr(text, "out of memory") != nullptr ||
                         std::strstr(text, "not enough memory") != nullptr;
        return report(is_memory ? ALKFW_E_MEMORY : ALKFW_E_UNSUPPORTED, text, message);
    } catch (const std::exception &error) {
        return report(ALKFW_E_UNSUPPORTED, error.what(), message);
    } catch (...) {
        return report(ALKFW_E_UNSUPPORTED, "an exception of unknown type in libtorch", message);
    }
}

/* ---- threads ------------------------------------------------------------- */

/* Debian's libtorch multiplies with whatever BLAS is installed; OpenBLAS has threads of its own. */
void quiet_blas() {
    if (void *symbol = dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))
        reinterpret_cast<void (*)(int)>(symbol)(1);
}

/* One thread for each operator. OpenMP keeps the number for each thread that calls it. */
void use_one_thread() {
    thread_local bool is_set = false;

    if (is_set)
        return;
    at::set_num_threads(1);
    quiet_blas();
    is_set = true;
}

/* ---- weights ------------------------------------------------------------- */

at::ScalarType type_of(const torch_tensor &tensor) {
    switch (tensor.dtype) {
    case SAFETENSORS_F64:
        return at::kDouble;
    case SAFETENSORS_F32:
        return at::kFloat;
    case SAFETENSORS_F16:
        return at::kHalf;
    case SAFETENSORS_BF16:
        return at::kBFloat16;
    default:
        throw Failure(ALKFW_E_FORMAT, std::string("tensor \"") + tensor.name +
                                          "\" is not of a floating-point type");
    }
}

/* A view of the file, or a copy where its elements are not aligned: the format aligns nothing. */
Tensor view_of(const torch_tensor &tensor) {
    at::ScalarType type = type_of(tensor);
    std::vector<int64_t> shape{(int64_t)tensor.n_rows};
    size_t size = c10::elementSize(type);

    if (tensor.n_columns != 0)
        shape.push_back((int64_t)tensor.n_columns);
    if (reinterpret_cast<uintptr_t>(tensor.data) % size == 0)
        return at::from_blob(const_cast<void *>(tensor.data), shape, at::TensorOptions(type));
    Tensor copy = at::empty(shape, at::TensorOptions(type));
    std::memcpy(copy.data_ptr(), tensor.data, copy.nbytes());
    return copy;
}

/* In parts: what is compared would need twice the memory of the tensor. */
void check_finite(const Tensor &values, const char *name) {
    constexpr int64_t part = 1 << 20;
    Tensor flat = values.reshape({-1});

    for (int64_t i = 0; i < flat.numel(); i += part) {
        Tensor some = flat.narrow(0, i, std::min(part, flat.numel() - i));
        if (!at::isfinite(some).all().item<bool>())
            throw Failure(ALKFW_E_FORMAT,
                          std::string("tensor \"") + name + "\" has a value that is not finite");
    }
}

class Loader {
  public:
    Loader(const torch_description &description, at::Device device)
        : description(description), device(device),
          type(description.precision == MODEL_PRECISION_BF16 ? at::kBFloat16 : at::kFloat) {
    }

    /* Tables are read a row at a time: they keep their type. */
    Tensor table(const torch_tensor &tensor) const {
        if (tensor.data == nullptr)
            return Tensor();
        Tensor values = view_of(tensor);
        check_finite(values, tensor.name);
        return values.to(device);
    }

    Tensor load(const torch_tensor &tensor) const {
        if (tensor.data == nullptr)
            return Tensor();
        Tensor values = view_of(tensor).to(type);
        check_finite(values, tensor.name);
        return values.to(device);
    }

    /* Of a norm: small, and kept in single precision. */
    Tensor gamma(const torch_tensor &tensor) const {
        if (tensor.data == nullptr)
            return Tensor();
        Tensor values = view_of(tensor).to(at::kFloat);
        check_finite(values, tensor.name);
        if (description.architecture->norm_adds_one)
            values = values + 1;
        return values.to(device);
    }

    const torch_part &part(tensor_role role) const {
        return description.parts[role];
    }

    const torch_part &part(tensor_role role, uint32_t block) const {
        size_t n_roles = N_TENSOR_ROLES - TENSOR_QKV;
        return description.parts[TENSOR_QKV + block * n_roles + (role - TENSOR_QKV)];
    }

    const torch_description &description;
    const at::Device device;
    const at::ScalarType type;
};

/* ---- blocks -------------------------------------------------------------- */

Tensor rms(const Tensor &x, const Tensor &gamma, double epsilon) {
    Tensor wide = x.to(at::kFloat);
    Tensor scale = at::rsqrt(wide.square().mean(-1, true) + epsilon);
    return (wide * scale * gamma).to(x.scalar_type());
}

struct Norm {
    Tensor gamma; /* undefined: there is no norm here */
    Tensor beta;
    norm_kind kind = NORM_LAYER;
    double epsilon = 0;

    Norm() = default;
    Norm(const Loader &loader, const torch_part &part)
        : gamma(loader.gamma(part.weight)), beta(loader.table(part.bias)),
          kind(loader.description.architecture->norm),
          epsilon(loader.description.config->norm_epsilon) {
        if (beta.defined())
            beta = beta.to(at::kFloat);
    }

    Tensor operator()(const Tensor &x) const {
        if (!gamma.defined())
            return x;
        if (kind == NORM_RMS)
            return rms(x, gamma, epsilon);
        return at::layer_norm(x.to(at::kFloat), {x.size(-1)}, gamma, beta, epsilon)
            .to(x.scalar_type());
    }
};

struct Linear {
    Tensor weight; /* [outputs, inputs]; undefined: there is none */
    Tensor bias;

    Linear() = default;
    Linear(const Loader &loader, const torch_part &part)
        : weight(loader.load(part.weight)), bias(loader.load(part.bias)) {
        if (weight.defined() && loader.description.architecture->inputs_first)
            weight = weight.t();
    }

    Tensor operator()(const Tensor &x) const {
        return at::linear(x, weight, bias);
    }

    /* Some of the outputs. */
    Linear narrow(int64_t first, int64_t n) const {
        Linear part;
        part.weight = weight.narrow(0, first, n);
        if (bias.defined())
            part.bias = bias.narrow(0, first, n);
        return part;
    }
};

Tensor activate(const Tensor &x, uint32_t activation) {
    switch (activation) {
    case ACTIVATION_GELU:
        return at::gelu(x);
    case ACTIVATION_GELU_TANH:
        return at::gelu(x, "tanh");
    case ACTIVATION_RELU:
        return at::relu(x);
    case ACTIVATION_SILU:
        return at::silu(x);
    default:
        return x;
    }
}

struct Block {
    std::array<Norm, N_BLOCK_NORMS> norms;
    Linear qkv; /* one of all, or three */
    Linear query, key, value;
    Tensor query_norm, key_norm;            /* [head] */
    Tensor relative_keys, relative_queries; /* [n_heads, 2 * span, head] */
    Linear output, gate, up, down;
};

/* What blocks need to know of a window beside its states. */
struct Window {
    int64_t n_tokens;
    std::array<Tensor, 2> cosines, sines; /* [n_tokens, rotary / 2] of full and windowed blocks */
    std::array<Tensor, 2> unseen;         /* [n_tokens, n_tokens]; undefined: all is seen */
    Tensor relative;                      /* [n_tokens, n_tokens] rows of query i and key j */
};

} // namespace

/* ---- the model ----------------------------------------------------------- */

struct torch_model {
    const architecture &parts;
    const model_config &config;
    at::Device device;
    at::ScalarType type;
    Tensor words, positions, types; /* types: the row of type 0 */
    Norm embedding_norm, final_norm;
    std::vector<Block> blocks;
    std::array<Tensor, 2> frequencies; /* [rotary / 2] */
    Tensor relative_rows;              /* [2 * max_tokens - 1] */

    explicit torch_model(const Loader &loader);
    void run(const model_batch &batch, const uint32_t *layers, size_t n_layers,
             float *const *out) const;

  private:
    Block load_block(const Loader &loader, uint32_t index, const Tensor &relative) const;
    Tensor load_relative(const Loader &loader) const;
    Tensor project_relative(const Linear &linear, const Tensor &relative) const;

    Window prepare(int64_t n_tokens) const;
    Tensor unseen_of(bool is_windowed, int64_t n_tokens) const;
    Tensor embed(const int32_t *ids, int64_t n_tokens) const;
    Tensor turn(const Window &window, const Tensor &heads, bool is_windowed) const;
    std::array<Tensor, 3> project(const Block &block, const Tensor &x) const;
    Tensor score_relative(const Window &window, const Block &block, const Tensor &queries,
                          const Tensor &keys) const;
    Tensor attend(const Window &window, const Block &block, bool is_windowed,
                  const Tensor &x) const;
    Tensor transform(const Block &block, const Tensor &x) const;
    Tensor apply(const Window &window, const Block &block, bool is_windowed, const Tensor &x) const;
};

torch_model::torch_model(const Loader &loader)
    : parts(*loader.description.architecture), config(*loader.description.config),
      device(loader.device), type(loader.type),
      words(loader.table(loader.part(TENSOR_WORDS).weight)),
      positions(loader.table(loader.part(TENSOR_POSITIONS).weight)),
      types(loader.table(loader.part(TENSOR_TYPES).weight)),
      embedding_norm(loader, loader.part(TENSOR_EMBEDDING_NORM)),
      final_norm(loader, loader.part(TENSOR_FINAL_NORM)) {
    const torch_description &description = loader.description;
    Tensor relative = load_relative(loader);

    if (types.defined()) /* a prompt is a single sequence */
        types = types.select(0, 0);
    for (size_t i = 0; i < 2 && config.rotary_size > 0; i++)
        frequencies[i] =
            at::tensor(at::ArrayRef<float>(description.frequencies[i], config.rotary_size / 2))
                .to(device);
    if (config.relative_span > 0) {
        std::vector<int64_t> rows(description.relative_rows,
                                  description.relative_rows + 2 * (size_t)config.max_tokens - 1);
        relative_rows = at::tensor(at::ArrayRef<int64_t>(rows)).to(device);
    }
    for (uint32_t i = 0; i < description.n_blocks; i++)
        blocks.push_back(load_block(loader, i, relative));
}

/* ---- loading ------------------------------------------------------------- */

/* The embeddings of distances, [2 * span, hidden]; undefined: none. */
Tensor torch_model::load_relative(const Loader &loader) const {
    Tensor relative = loader.load(loader.part(TENSOR_RELATIVE).weight);

    if (relative.defined() && config.has_relative_norm)
        relative = Norm(loader, loader.part(TENSOR_RELATIVE_NORM))(relative);
    return relative;
}

Tensor torch_model::project_relative(const Linear &linear, const Tensor &relative) const {
    return linear(relative)
        .view({relative.size(0), config.n_heads, config.head_size})
        .transpose(0, 1)
        .contiguous();
}

Block torch_model::load_block(const Loader &loader, uint32_t index, const Tensor &relative) const {
    Block block;
    auto linear = [&](tensor_role role) { return Linear(loader, loader.part(role, index)); };

    for (int i = 0; i < N_BLOCK_NORMS; i++)
        block.norms[(size_t)i] =
            Norm(loader, loader.part((tensor_role)(TENSOR_BLOCK_NORMS + i), index));
    if (parts.qkv == QKV_SEPARATE) {
        block.query = linear(TENSOR_QUERY);
        block.key = linear(TENSOR_KEY);
        block.value = linear(TENSOR_VALUE);
    } else {
        block.qkv = linear(TENSOR_QKV);
    }
    block.query_norm = loader.gamma(loader.part(TENSOR_QUERY_NORM, index).weight);
    block.key_norm = loader.gamma(loader.part(TENSOR_KEY_NORM, index).weight);
    block.output = linear(TENSOR_ATTENTION_OUTPUT);
    block.up = linear(TENSOR_UP);
    block.down = linear(TENSOR_DOWN);
    if (parts.mlp == MLP_GATED)
        block.gate = linear(TENSOR_GATE);
    if (parts.mlp == MLP_GATED_STACKED) {
        block.gate = block.up.narrow(0, config.intermediate_size);
        block.up = block.up.narrow(config.intermediate_size, config.intermediate_size);
    }
    bool is_shared = config.shares_relative_projections;
    if (relative.defined() && config.has_content_to_position)
        block.relative_keys =
            project_relative(is_shared ? block.key : linear(TENSOR_RELATIVE_KEY), relative);
    if (relative.defined() && config.has_position_to_content)
        block.relative_queries =
            project_relative(is_shared ? block.query : linear(TENSOR_RELATIVE_QUERY), relative);
    return block;
}

/* ---- a window ------------------------------------------------------------ */

/* True where query i does not see key j; undefined when it sees all. */
Tensor torch_model::unseen_of(bool is_windowed, int64_t n_tokens) const {
    Tensor order = at::arange(n_tokens, at::TensorOptions(device).dtype(at::kLong));
    Tensor distance = order.unsqueeze(1) - order.unsqueeze(0); /* query - key */
    Tensor unseen;

    if (config.is_causal)
        unseen = distance.lt(0);
    if (is_windowed && config.reach < (uint64_t)n_tokens) {
        Tensor far = distance.abs().gt((int64_t)config.reach);
        unseen = unseen.defined() ? unseen.logical_or(far) : far;
    }
    return unseen;
}

Window torch_model::prepare(int64_t n_tokens) const {
    Window window{n_tokens, {}, {}, {}, {}};

    for (size_t i = 0; i < 2; i++) {
        window.unseen[i] = unseen_of(i == 1, n_tokens);
        if (!frequencies[i].defined())
            continue;
        Tensor order = at::arange(n_tokens, at::TensorOptions(device).dtype(at::kFloat));
        Tensor angles = order.unsqueeze(1) * frequencies[i].unsqueeze(0);
        window.cosines[i] = angles.cos();
        window.sines[i] = angles.sin();
    }
    if (config.relative_span > 0) {
        Tensor order = at::arange(n_tokens, at::TensorOptions(device).dtype(at::kLong));
        Tensor distance = order.unsqueeze(1) - order.unsqueeze(0);
        window.relative = at::take(relative_rows, distance + ((int64_t)config.max_tokens - 1));
    }
    return window;
}

/* As position_row of the native backend: with a first position, a pad token has the row of its own
 * and takes no position. */
static std::vector<int64_t> position_rows(const model_config &config, const int32_t *ids,
                                          int64_t n_tokens) {
    std::vector<int64_t> rows((size_t)n_tokens);
    int64_t next = config.first_position;

    for (size_t i = 0; i < rows.size(); i++)
        rows[i] = config.first_position > 0 && (uint32_t)ids[i] == config.pad_id
                      ? (int64_t)config.pad_id
                      : next++;
    return rows;
}

Tensor torch_model::embed(const int32_t *ids, int64_t n_tokens) const {
    std::vector<int64_t> wide(ids, ids + n_tokens);
    Tensor index = at::tensor(at::ArrayRef<int64_t>(wide)).to(device);
    Tensor x = words.index_select(0, index).to(at::kFloat);

    if (config.embedding_scale != 1.0f)
        x = x * config.embedding_scale;
    if (config.has_learned_positions) {
        std::vector<int64_t> rows = position_rows(config, ids, n_tokens);
        Tensor where = at::tensor(at::ArrayRef<int64_t>(rows)).to(device);
        x = x + positions.index_select(0, where).to(at::kFloat);
    }
    if (types.defined())
        x = x + types.to(at::kFloat);
    return embedding_norm(x).to(type);
}

/* Rotary positions of [heads, n_tokens, head]. */
Tensor torch_model::turn(const Window &window, const Tensor &heads, bool is_windowed) const {
    int64_t rotary = config.rotary_size, half = rotary / 2;

    if (rotary == 0)
        return heads;
    const Tensor &cosines = window.cosines[is_windowed], &sines = window.sines[is_windowed];
    Tensor wide = heads.to(at::kFloat);
    Tensor left = wide.narrow(2, 0, half), right = wide.narrow(2, half, half);
    Tensor turned = at::cat({left * cosines - right * sines, right * cosines + left * sines,
                             wide.narrow(2, rotary, wide.size(2) - rotary)},
                            2);
    return turned.to(heads.scalar_type());
}

/* Queries, keys and values, each [heads, n_tokens, head]. */
std::array<Tensor, 3> torch_model::project(const Block &block, const Tensor &x) const {
    int64_t n = x.size(0), size = config.head_size;
    int64_t n_heads = config.n_heads, n_key_heads = config.n_key_heads;
    auto heads = [&](const Tensor &rows, int64_t count) {
        return rows.reshape({n, count, size}).transpose(0, 1);
    };

    if (parts.qkv == QKV_SEPARATE)
        return {heads(block.query(x), n_heads), heads(block.key(x), n_key_heads),
                heads(block.value(x), n_key_heads)};
    Tensor all = block.qkv(x);
    if (parts.qkv == QKV_BY_HEAD) {
        Tensor split = all.view({n, n_heads, 3, size}).permute({2, 1, 0, 3});
        return {split.select(0, 0), split.select(0, 1), split.select(0, 2)};
    }
    int64_t queries = n_heads * size, keys = n_key_heads * size;
    return {heads(all.narrow(1, 0, queries), n_heads),
            heads(all.narrow(1, queries, keys), n_key_heads),
            heads(all.narrow(1, queries + keys, keys), n_key_heads)};
}

/* What query and key make of the distance between them, [n_heads, n_tokens, n_tokens] (He et al.,
 * 2021, equation 4; its second and third term). Undefined: nothing. */
Tensor torch_model::score_relative(const Window &window, const Block &block, const Tensor &queries,
                                   const Tensor &keys) const {
    Tensor scores;
    auto pick = [&](const Tensor &by_row, const Tensor &rows) {
        return by_row.gather(2, rows.unsqueeze(0).expand({by_row.size(0), -1, -1}));
    };

    if (block.relative_keys.defined())
        scores = pick(at::bmm(queries, block.relative_keys.transpose(1, 2)), window.relative);
    if (block.relative_queries.defined()) {
        Tensor of_keys =
            pick(at::bmm(keys, block.relative_queries.transpose(1, 2)), window.relative.t())
                .transpose(1, 2);
        scores = scores.defined() ? scores + of_keys : of_keys;
    }
    return scores;
}

Tensor torch_model::attend(const Window &window, const Block &block, bool is_windowed,
                           const Tensor &x) const {
    int64_t n = window.n_tokens, size = config.head_size;
    int64_t n_heads = config.n_heads, n_groups = config.n_key_heads;
    auto [queries, keys, values] = project(block, x);

    if (block.query_norm.defined())
        queries = rms(queries, block.query_norm, config.norm_epsilon);
    if (block.key_norm.defined())
        keys = rms(keys, block.key_norm, config.norm_epsilon);
    queries = turn(window, queries, is_windowed);
    keys = turn(window, keys, is_windowed);

    /* The heads of a group lie side by side: they meet their keys as one matrix. */
    Tensor scores =
        at::bmm(queries.reshape({n_groups, n_heads / n_groups * n, size}), keys.transpose(1, 2))
            .view({n_heads, n, n});
    Tensor relative = score_relative(window, block, queries, keys);
    if (relative.defined())
        scores = scores + relative;
    scores = scores.to(at::kFloat) * config.attention_scale;
    if (window.unseen[is_windowed].defined())
        scores = scores.masked_fill(window.unseen[is_windowed], -1e30);
    Tensor weights = at::softmax(scores, -1).to(x.scalar_type());
    Tensor mixed = at::bmm(weights.view({n_groups, n_heads / n_groups * n, n}), values)
                       .view({n_heads, n, size})
                       .transpose(0, 1)
                       .reshape({n, n_heads * size});
    return block.output(mixed);
}

Tensor torch_model::transform(const Block &block, const Tensor &x) const {
    if (!block.gate.weight.defined())
        return block.down(activate(block.up(x), config.activation));
    return block.down(activate(block.gate(x), config.activation) * block.up(x));
}

/* See enum block_norm. */
Tensor torch_model::apply(const Window &window, const Block &block, bool is_windowed,
                          const Tensor &x) const {
    const auto &norms = block.norms;
    Tensor attention = norms[NORM_OF_ATTENTION](
        attend(window, block, is_windowed, norms[NORM_BEFORE_ATTENTION](x)));
    Tensor middle = norms[NORM_AFTER_ATTENTION](x + attention);
    Tensor input = norms[NORM_BEFORE_MLP](config.is_parallel ? x : middle);
    return norms[NORM_AFTER_MLP](middle + norms[NORM_OF_MLP](transform(block, input)));
}

void torch_model::run(const model_batch &batch, const uint32_t *layers, size_t n_layers,
                      float *const *out) const {
    size_t hidden = config.hidden_size;

    for (size_t i = 0; i < batch.n_windows; i++) {
        size_t start = batch.offsets[i];
        int64_t n_tokens = (int64_t)batch.offsets[i + 1] - (int64_t)start;
        Window window = prepare(n_tokens);
        Tensor x = embed(batch.ids + start, n_tokens);
        for (size_t layer = 0, next = 0; next < n_layers; layer++) {
            if (layer > 0)
                x = apply(window, blocks[layer - 1], config.windowed[layer - 1], x);
            if (layers[next] != layer)
                continue;
            Tensor shown = (layer == config.n_layers ? final_norm(x) : x)
                               .to(at::kFloat)
                               .to(at::kCPU)
                               .contiguous();
            std::memcpy(out[next++] + start * hidden, shown.data_ptr<float>(),
                        (size_t)n_tokens * hidden * sizeof(float));
        }
    }
}

namespace {

/* ---- the interface ------------------------------------------------------- */

at::Device find_device(const char *name) {
    at::Device device(at::kCPU);

    try {
        device = at::Device(name);
    } catch (const c10::Error &) {
        throw Failure(ALKFW_E_CONFIG, std::string("the device \"") + name +
                                          "\" is not known; there are: cpu, cuda, cuda:N");
    }
    if (!device.is_cpu() && !device.is_cuda())
        throw Failure(ALKFW_E_UNSUPPORTED, std::string("the device \"") + name +
                                               "\" is not supported; there are: cpu, cuda, cuda:N");
    if (device.is_cuda() && !at::hasCUDA())
        throw Failure(
            ALKFW_E_MISSING,
            std::string("the device \"") + name + "\" is not there: this libtorch (" +
                TORCH_VERSION +
                ") has no CUDA, or there is no CUDA driver and device; take --device=cpu, "
                "or build alkfw with --with-torch=DIR of a libtorch for CUDA");
    return device;
}

alkfw_status open_model(const torch_description *description, torch_model **result, char *message) {
    *result = nullptr;
    return guarded(message, [&] {
        use_one_thread();
        Loader loader(*description, find_device(description->device));
        *result = new torch_model(loader);
    });
}

void close_model(torch_model *model) {
    delete model;
}

alkfw_status run_model(const torch_model *model, const model_batch *batch, const uint32_t *layers,
                       size_t n_layers, float *const *out, char *message) {
    return guarded(message, [&] {
        use_one_thread();
        model->run(*batch, layers, n_layers, out);
    });
}

void list_devices(char *out, size_t out_size) {
    char ignored[TORCH_MESSAGE_SIZE];
    std::string list = "cpu";

    (void)guarded(ignored, [&] {
        if (!at::hasCUDA())
            return;
        for (int i = 0; i < (int)at::detail::getCUDAHooks().getNumGPUs(); i++)
            list += ", cuda:" + std::to_string(i);
    });
    (void)std::snprintf(out, out_size, "%s", list.c_str());
}

const torch_api api = {
    TORCH_SHIM_VERSION,
    sizeof(torch_api),
    sizeof(torch_description),
    sizeof(model_config),
    sizeof(architecture),
    N_TENSOR_ROLES,
    VERSION,
    TORCH_VERSION,
    open_model,
    close_model,
    run_model,
    list_devices,
};

} // namespace

const torch_api *alkfw_torch_api(void) {
    return &api;
}
