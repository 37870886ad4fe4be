"""The pages that a learner opens in the browser."""
