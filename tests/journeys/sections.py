"""Filling in a request as a person does: each function answers the questions of one section and stays on its page."""

from playwright.sync_api import Page

from tests.journeys.steps import when_choosing, when_dating, when_pressing

CHILD = ("Odette", "Marlpit", "4 March 2021")
"""The child of these requests: what no message, title or address may ever say."""


def answer_conversation(page: Page) -> None:
    """A conversation six days before the practice date."""
    when_dating(page, "When did you speak with the setting?", "20", "11", "2024")
    page.get_by_label("Who did you speak to?").fill("Perran Oxnead, manager")
    page.get_by_label("What was agreed?").fill("An observation in the mornings, and ideas for going outside.")


def answer_child(page: Page) -> None:
    """One child, by name."""
    when_choosing(page, "One child")
    page.get_by_label("Child’s first name").fill(CHILD[0])
    page.get_by_label("Child’s last name").fill(CHILD[1])
    when_dating(page, "Child’s date of birth", "4", "March", "2021")


def answer_needs(page: Page) -> None:
    """Speech and language, on SEN support."""
    page.get_by_label("Year group").select_option(
        label="Nursery: age 3 on 31 August (the year before Reception)",
    )
    when_choosing(page, "SEN support")
    page.get_by_label("Main type of need").select_option(label="Speech, language and communication needs (SLCN)")
    page.get_by_label("What should S2S know about the needs?").fill("Few words yet; follows the other children.")


def answer_tried(page: Page) -> None:
    """What the setting has done, and what came of it."""
    page.get_by_label("What has been tried?").fill("Visual timetables for six weeks.")
    page.get_by_label("What came of it?").fill("Calmer at lunch, no change when going outside.")


def answer_support(page: Page) -> None:
    """Two kinds of support and one goal."""
    when_choosing(page, "Observation and recommendations")
    when_choosing(page, "Training for individual staff")
    page.get_by_label("First goal").fill("Asks for help with a sign or a word.")


def answer_agreement(page: Page) -> None:
    """The mother agreed, on paper."""
    when_choosing(page, "Yes, a parent or carer has agreed")
    page.get_by_label("Who agreed?").fill("Mother")
    when_dating(page, "When did they agree?", "21", "11", "2024")
    when_choosing(page, "On a signed form")
    page.get_by_label("Where is the agreement kept?").fill("The child’s file at the setting")


def answer_contact(page: Page) -> None:
    """The manager, by e-mail and telephone."""
    page.get_by_label("Who should S2S contact?").fill("Perran Oxnead")
    page.get_by_label("Job title").fill("Manager")
    page.get_by_label("E-mail address").fill("perran@bulrush.invalid")
    page.get_by_label("Telephone number").fill("01603 496001")
    page.get_by_label("When can they be reached").fill("Tuesdays and Thursdays before 11.")


def save_and_continue(page: Page) -> None:
    """Press the button at the end of a section."""
    when_pressing(page, "Save and continue")
