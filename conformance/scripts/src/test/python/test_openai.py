"""OpenAI's own SDK for Python, through the gateway and past it, with the same results."""

import json
import os
import time
import unittest
import urllib.request
import uuid

import openai
from openai import OpenAI
from pydantic import BaseModel

BASE_URL = os.environ["MIXGATEWAY_BASE_URL"]
API_KEY = os.environ["MIXGATEWAY_API_KEY"]
PENNILESS_KEY = os.environ["PENNILESS_KEY"]
MOCK_URL = os.environ["MOCK_BASE_URL"]
MOCK_TEXT = "Grüße, 你好, 안녕, नमस्ते 👋🏽!"
QUESTION = "How is the weather in Zürich, 서울 and नई दिल्ली? 🌦️"
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city now.",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city", "unit"],
            "additionalProperties": False,
        },
    },
}


class Person(BaseModel):
    name: str
    age: int


def asking(text=QUESTION):
    return [{"role": "user", "content": text}]


def text_of(chunks):
    return "".join(c.delta.content or "" for chunk in chunks for c in chunk.choices)


def calls_of(chunks):
    """Tool calls put together from their pieces: (name, arguments) by index."""
    calls = {}
    for chunk in chunks:
        for choice in chunk.choices:
            for piece in choice.delta.tool_calls or []:
                name, arguments = calls.get(piece.index, ("", ""))
                calls[piece.index] = (
                    name + (piece.function.name or ""),
                    arguments + (piece.function.arguments or ""),
                )
    return [calls[index] for index in sorted(calls)]


def seen(marker):
    origin = MOCK_URL.removesuffix("/v1")
    with urllib.request.urlopen(f"{origin}/seen/{marker}") as answer:
        return json.load(answer)


class Counted:
    """A client, and how many requests it has sent: each retry is one."""

    def __init__(self, key=API_KEY, **options):
        self.requests = 0
        http = openai.DefaultHttpxClient(event_hooks={"request": [self._count]})
        self.client = OpenAI(base_url=BASE_URL, api_key=key, http_client=http, **options)

    def _count(self, _request):
        self.requests += 1


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = OpenAI(base_url=BASE_URL, api_key=API_KEY)
        cls.provider = OpenAI(base_url=MOCK_URL, api_key="sk-any")

    def create(self, model, **options):
        return self.gateway.chat.completions.create(model=model, messages=asking(), **options)

    def stream(self, client, model, **options):
        return list(client.chat.completions.create(model=model, messages=asking(), stream=True, **options))

    def test_plain_answer_is_the_providers_own(self):
        through = self.create("mock:chat")
        past = self.provider.chat.completions.create(model="chat", messages=asking())
        self.assertEqual(through.model_dump(), past.model_dump())
        self.assertEqual(MOCK_TEXT, through.choices[0].message.content)

    def test_every_name_of_a_model_reaches_it(self):
        for name in ("mock:chat", "mock/chat", "best"):
            with self.subTest(name):
                self.assertEqual(MOCK_TEXT, self.create(name).choices[0].message.content)

    # FAILURES 4, 7 and 10: no choices in the first chunk; text in five scripts; comments between the events.
    def test_streamed_answer_is_the_providers_own(self):
        for model in ("chat", "azure", "commented"):
            with self.subTest(model):
                through = self.stream(self.gateway, f"mock:{model}")
                past = self.stream(self.provider, model)
                self.assertEqual([c.model_dump() for c in through], [c.model_dump() for c in past])
                self.assertEqual(MOCK_TEXT, text_of(through))
                self.assertEqual("stop", through[-1].choices[0].finish_reason)

    # FAILURES 11 (c): a last event without its blank line, and no [DONE], is still a whole answer.
    def test_stream_without_its_last_line_end_is_whole(self):
        through = self.stream(self.gateway, "mock:unfinished")
        self.assertEqual(MOCK_TEXT, text_of(through))
        self.assertEqual("stop", through[-1].choices[0].finish_reason)

    # FAILURES 1: the gateway asks for usage to meter the call, and the client does not see that it did.
    def test_usage_comes_in_a_stream_only_when_asked_for(self):
        for model in ("mock:chat", "sandbox:echo"):
            with self.subTest(model):
                unasked = self.stream(self.gateway, model)
                self.assertTrue(all(c.usage is None and c.choices for c in unasked))
                self.assertTrue(all("usage" not in c.model_fields_set for c in unasked))
                asked = self.stream(self.gateway, model, stream_options={"include_usage": True})
                self.assertEqual([], asked[-1].choices)
                self.assertGreater(asked[-1].usage.total_tokens, 0)
                self.assertEqual(text_of(unasked), text_of(asked))

    def test_sandbox_streams_what_it_answers_plainly(self):
        plain = self.create("sandbox:echo")
        streamed = self.stream(self.gateway, "sandbox:echo")
        self.assertIn(QUESTION, plain.choices[0].message.content)
        self.assertEqual(plain.choices[0].message.content, text_of(streamed))
        self.assertGreater(len(streamed), 3)

    def test_tool_calls_satisfy_their_schema_and_lead_to_an_answer(self):
        for model in ("mock:chat", "sandbox:echo"):
            with self.subTest(model):
                message = self.create(model, tools=[WEATHER]).choices[0].message
                streamed = self.stream(self.gateway, model, tools=[WEATHER])
                plain = [(c.function.name, c.function.arguments) for c in message.tool_calls]
                self.assertEqual(plain, calls_of(streamed))
                self.assertEqual("tool_calls", streamed[-1].choices[0].finish_reason)
                for name, arguments in plain:
                    parsed = json.loads(arguments)
                    self.assertEqual("get_weather", name)
                    self.assertEqual({"city", "unit"}, parsed.keys())
                    self.assertIn(parsed["unit"], ("celsius", "fahrenheit"))
                results = [
                    {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"} for call in message.tool_calls
                ]
                answer = self.gateway.chat.completions.create(
                    model=model, messages=[*asking(), message, *results], tools=[WEATHER]
                )
                self.assertTrue(answer.choices[0].message.content)
                self.assertEqual("stop", answer.choices[0].finish_reason)

    def test_structured_answer_is_read_into_its_class(self):
        for model in ("mock:chat", "sandbox:echo"):
            with self.subTest(model):
                plain = self.gateway.chat.completions.parse(model=model, messages=asking(), response_format=Person)
                self.assertIsInstance(plain.choices[0].message.parsed, Person)
                with self.gateway.chat.completions.stream(
                    model=model, messages=asking(), response_format=Person
                ) as stream:
                    final = stream.get_final_completion()
                self.assertEqual(plain.choices[0].message.parsed, final.choices[0].message.parsed)

    def test_embeddings_are_the_same_as_floats_and_in_the_sdks_own_encoding(self):
        texts = ["one", "둘 👋", "three"]
        for model in ("mock:embed", "sandbox:embed"):
            with self.subTest(model):
                by_default = self.gateway.embeddings.create(model=model, input=texts)
                floats = self.gateway.embeddings.create(model=model, input=texts, encoding_format="float")
                self.assertEqual(3, len(by_default.data))
                for ours, theirs in zip(by_default.data, floats.data):
                    self.assertEqual(len(ours.embedding), len(theirs.embedding))
                    for a, b in zip(ours.embedding, theirs.embedding):
                        self.assertAlmostEqual(a, b, places=6)
                self.assertGreater(by_default.usage.total_tokens, 0)

    def test_models_are_listed_and_found(self):
        listed = [model.id for model in self.gateway.models.list()]
        for name in ("sandbox:echo", "sandbox:embed", "mock:chat", "best"):
            self.assertIn(name, listed)
        self.assertEqual("mock:chat", self.gateway.models.retrieve("mock:chat").id)

    # FAILURES 17: a client that leaves a stream is noticed by the provider.
    def test_closing_a_stream_stops_the_provider(self):
        marker = f"cancel-{uuid.uuid4()}"
        stream = self.gateway.chat.completions.create(model="mock:endless", messages=asking(marker), stream=True)
        next(stream)
        stream.close()
        deadline = time.monotonic() + 5
        while seen(marker)["left"] == 0:
            self.assertLess(time.monotonic(), deadline, "the provider goes on")
            time.sleep(0.02)
        self.assertEqual(1, seen(marker)["calls"])

    # FAILURES 93: what the SDK does not know passes, and a zero stays a zero.
    def test_unknown_members_and_zeros_reach_the_provider(self):
        marker = f"extra-{uuid.uuid4()}"
        self.create("mock:chat", temperature=0, extra_body={"vendor_option": {"deep": [0, False, None, marker]}})
        self.assertEqual(1, seen(marker)["calls"])


class Errors(unittest.TestCase):
    def failure(self, kind, model, counted=None, **options):
        counted = counted or Counted(max_retries=0)
        with self.assertRaises(kind) as caught:
            answer = counted.client.chat.completions.create(model=model, messages=asking(), **options)
            if options.get("stream"):
                list(answer)
        return caught.exception

    def test_unknown_key_is_an_authentication_error(self):
        error = self.failure(openai.AuthenticationError, "mock:chat", Counted("sk-mg-nobody"))
        self.assertEqual((401, "invalid_api_key"), (error.status_code, error.code))
        self.assertTrue(error.request_id)
        self.assertNotIn("sk-mg-nobody", str(error))

    def test_unknown_model_is_not_found(self):
        error = self.failure(openai.NotFoundError, "sandbox:ecko")
        self.assertEqual((404, "model_not_found", "model"), (error.status_code, error.code, error.param))
        self.assertIn("sandbox:echo", error.message)

    # FAILURES 73: no credit is 402 before anything is streamed, and the SDK does not try again.
    def test_empty_account_is_refused_once(self):
        for stream in (False, True):
            with self.subTest(stream=stream):
                counted = Counted(PENNILESS_KEY)
                error = self.failure(openai.APIStatusError, "mock:chat", counted, stream=stream)
                self.assertEqual((402, "insufficient_credits"), (error.status_code, error.code))
                self.assertEqual(1, counted.requests)
                self.assertLessEqual({"balance", "needed", "max_tokens_affordable"}, error.body.keys())

    def test_limited_call_is_tried_again_after_the_given_time(self):
        for model in ("sandbox:error-429", "mock:error-429"):
            with self.subTest(model):
                counted = Counted()
                began = time.monotonic()
                error = self.failure(openai.RateLimitError, model, counted)
                self.assertEqual("rate_limited", error.code)
                self.assertEqual("1", error.response.headers["retry-after"])
                self.assertEqual(3, counted.requests)
                self.assertGreater(time.monotonic() - began, 1.9)

    def test_request_that_the_provider_refuses_is_a_bad_request(self):
        error = self.failure(openai.BadRequestError, "mock:error-400")
        self.assertEqual(("temperature", "invalid_value"), (error.param, error.code))

    # FAILURES 35: an impossible number of choices is refused by the gateway itself.
    def test_impossible_number_of_choices_is_a_bad_request(self):
        for n in (-1, 0, 1.5, 2**31):
            with self.subTest(n):
                error = self.failure(openai.BadRequestError, "mock:chat", n=n)
                self.assertEqual(("n", "invalid_request"), (error.param, error.code))

    # FAILURES 104: neither the operator's key nor the provider's own words reach a client.
    def test_fault_of_the_provider_is_a_server_error(self):
        for model in ("mock:error-401", "mock:error-500", "sandbox:error-500", "sandbox:error-503"):
            with self.subTest(model):
                error = self.failure(openai.InternalServerError, model)
                self.assertEqual((502, "upstream_error"), (error.status_code, error.code))
                self.assertNotIn("sk-mock-operator", str(error))
                self.assertNotIn("Internal detail", str(error))

    # FAILURES 13 and 20: no bytes, or an error, under a 200 is no answer.
    def test_success_without_an_answer_is_an_error(self):
        for model in ("sandbox:empty", "sandbox:error-in-200"):
            for stream in (False, True):
                with self.subTest(model, stream=stream):
                    self.failure(openai.APIError, model, stream=stream)

    # FAILURES 11 and 12: a stream that ended early is an exception, never a short answer.
    def test_stream_that_fails_midway_raises(self):
        for model in ("mock:cut", "mock:error-frame", "sandbox:cut", "sandbox:cut-900", "sandbox:error-in-stream"):
            with self.subTest(model):
                error = self.failure(openai.APIError, model, stream=True)
                self.assertNotIn("sk-mock-operator", str(error))


if __name__ == "__main__":
    unittest.main()
