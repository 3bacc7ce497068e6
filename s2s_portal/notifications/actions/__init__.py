"""What happens to messages: queued, chosen how, read, summed up by the day, sent again."""

from s2s_portal.notifications.actions.outbox import message, queue, queue_all

__all__ = ["message", "queue", "queue_all"]
