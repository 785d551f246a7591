"""Matching, rates and delays on cases made by hand, and the cases that the program is held to."""

import json

import pytest

from evaluation import scoring_cases
from evaluation.scoring import KindClassifier, Score, answers, core_slots, is_named, match, moments_in, stands_in
from evaluation.truth import Answer, Clip, Due, Heard, Question, Reply, truth_json

CLASSIFIER = KindClassifier(scoring_cases.PHRASINGS)


def summary(clip: Clip, *replies: Reply) -> dict[str, object]:
    score = Score(CLASSIFIER)
    score.add(clip, Heard(list(replies)))
    return score.summary()


class TestMatching:
    def test_as_many_pairs_as_possible_come_before_the_least_delay(self) -> None:
        assert match([10.0, 12.0], [11.5, 12.0]) == [(0, 0), (1, 1)]

    def test_a_reply_belongs_to_one_step(self) -> None:
        assert match([10.0, 10.5], [11.0]) == [(1, 0)]

    @pytest.mark.parametrize(("said", "is_matched"), [(8.999, False), (9.0, True), (13.0, True), (13.001, False)])
    def test_the_window_is_closed(self, said: float, is_matched: bool) -> None:
        assert bool(match([10.0], [said])) == is_matched

    def test_against_every_way_to_pair(self) -> None:
        """The best of all matchings has as many pairs and no smaller delay."""

        def best(due: list[float], said: list[float]) -> tuple[int, float]:
            if not due:
                return 0, 0.0
            found = [best(due[1:], said)]
            for j, time in enumerate(said):
                if -1 <= time - due[0] <= 3:
                    pairs, delay = best(due[1:], [*said[:j], *said[j + 1 :]])
                    found.append((pairs + 1, delay - abs(time - due[0])))
            return max(found)

        for due, said in (([1.0, 2.5, 4.0, 4.5], [0.5, 3.0, 3.5, 7.0]), ([0.0, 0.5, 1.0], [3.0, 3.5]), ([5.0, 6.0, 9.0], [4.0, 8.0, 8.5, 12.0])):
            pairs = match(due, said)
            assert (len(pairs), -sum(abs(said[j] - due[i]) for i, j in pairs)) == pytest.approx(best(due, said))


class TestSteps:
    STEPS = (Due(5.0, "open", slots={"file": "app.py"}), Due(20.0, "command", slots={"command": "npm test"}))

    def test_nothing_said_has_no_precision_and_no_recall(self) -> None:
        found = summary(Clip(60.0, steps=self.STEPS))
        assert (found["stepRecall"], found["stepF1"], found["missingRate"]) == (0.0, 0.0, 1.0)
        assert "stepPrecision" not in found

    def test_a_wrong_kind_is_found_on_time_all_the_same(self) -> None:
        found = summary(Clip(60.0, steps=self.STEPS), Reply(5.0, "Ran `app.py`."), Reply(20.0, "Ran `npm test`."))
        assert (found["stepF1"], found["kindAccuracy"], found["kindF1"], found["slotExact"], found["exactSteps"]) == (1.0, 0.5, 0.5, 1.0, 0.5)

    def test_who_says_less_has_the_kind_and_no_name(self) -> None:
        found = summary(Clip(60.0, steps=self.STEPS), Reply(5.0, "Opened a file."), Reply(20.0, "Ran `npm tset`."))
        assert (found["kindAccuracy"], found["slotExact"], found["sayLess"], found["exactSteps"]) == (1.0, 0.0, 0.5, 0.0)

    def test_telling_a_step_again_is_redundant_and_false(self) -> None:
        found = summary(Clip(60.0, steps=self.STEPS), Reply(5.0, "Opened `app.py`."), Reply(6.5, "Now looking at `app.py`."), Reply(14.0, "Opened `app.py`."), Reply(40.0, "Opened `b`."))
        assert (found["redundantRate"], found["unmatchedPerMinute"], found["stepPrecision"]) == (0.5, 3.0, 0.25)

    def test_the_median_delay_has_a_sign_and_the_mean_has_none(self) -> None:
        found = summary(Clip(60.0, steps=self.STEPS), Reply(4.0, "Opened `app.py`."), Reply(22.0, "Ran `npm test`."))
        assert (found["meanDelaySeconds"], found["medianDelaySeconds"]) == (1.5, 0.5)


class TestRequests:
    @pytest.mark.parametrize(
        ("said", "within", "once", "patient"),
        [
            ([20.0], 1.0, 1.0, 1.0),
            ([19.5], 1.0, 1.0, 1.0),
            ([], 0.0, 0.0, 1.0),
            ([23.5], 0.0, 0.0, 1.0),
            ([20.0, 21.0], 1.0, 0.0, 1.0),
            ([20.0, 50.0], 1.0, 0.0, 1.0),
            ([15.0, 20.0], 1.0, 1.0, 0.0),
            ([15.0], 0.0, 0.0, 0.0),
        ],
    )
    def test_once_within_three_seconds_and_never_before(self, said: list[float], within: float, once: float, patient: float) -> None:
        found = summary(Clip(60.0, "standing", requests=(Due(20.0, "alert"),)), *(Reply(time, f"Now {time}.") for time in said))
        assert (found["requestsWithin"], found["requestsOnce"], found["requestsNeverBefore"]) == (within, once, patient)
        assert found["standingRequests"] == float(within and once and patient)

    def test_one_that_never_comes_due_wants_silence(self) -> None:
        assert summary(Clip(60.0, "standing"))["silentRequests"] == 1.0
        assert summary(Clip(60.0, "standing"), Reply(9.0, "Now."))["silentRequests"] == 0.0


class TestNothing:
    def test_every_reply_is_false_but_that_of_the_open_file(self) -> None:
        opened = Due(1.0, "open", "Opened `a`.", {"file": "a"})
        found = summary(Clip(120.0, "nothing", steps=[opened]), Reply(1.5, "Opened `a`."), Reply(9.0, "Opened `a`."))
        assert (found["falsePerMinute"], found["nothingMinutes"], found["replies"]) == (0.5, 2.0, 0)


class TestAnswers:
    def test_a_when_is_right_within_two_seconds(self) -> None:
        asked = Question(30.0, "when", "When?", "At 0:12.", moment=12.0)
        assert answers(asked, Answer("At 0:14."))
        assert not answers(asked, Answer("At 0:15."))
        assert answers(asked, Answer("At 0:59.", moments=[13.5, 90.0]))
        assert not answers(asked, Answer("At 0:12.", moments=[]))

    def test_every_name_has_to_stand_in_the_answer(self) -> None:
        asked = Question(30.0, "past", "What?", "a was set to 5.", {"name": "a", "value": "5"})
        assert answers(asked, Answer("It set `a` to 5."))
        assert not answers(asked, Answer("It set a to 55."))

    def test_times(self) -> None:
        assert moments_in("from 1:02 to 1:00:03, then 4.5 seconds, 7s") == [62.0, 3603.0, 4.5, 7.0]


class TestNames:
    def test_a_quotation_counts_as_a_whole(self) -> None:
        assert is_named("app.py", "Opened `app.py`.")
        assert not is_named("app.py", "Opened `src/app.py`.")
        assert not stands_in("app.py", "Opened myapp.py.")

    def test_what_only_some_phrasings_name_does_not_count(self) -> None:
        assert core_slots("tests_fail", {"command": "pytest", "test": "test_a", "error": "KeyError"}) == {"test": "test_a"}
        assert core_slots("alert", {"package": "left-pad…"}) == {"package": "left-pad..."}


class TestGolden:
    def test_the_file_is_what_the_reference_gives(self) -> None:
        assert json.loads(scoring_cases.GOLDEN.read_text()) == json.loads(json.dumps(scoring_cases.golden()))

    def test_truth_has_what_a_scorer_needs(self) -> None:
        clip = Clip(9.0, "standing", requests=(Due(5.0, "alert", "Now."),), instruction="Tell me.", file="a.mp4")
        truth = truth_json([clip])
        assert {"format", "window", "notSeenReply", "slotClasses", "phrasings", "clips"} == set(truth)
        assert truth["clips"][0]["requests"] == [{"atSeconds": 5.0, "kind": "alert", "sentence": "Now.", "slots": {}}]
